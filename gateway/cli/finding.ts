/** What `doctor` found out about one part. */
export interface Finding {
  /** `note` = worth knowing, and no fault of this installation. */
  readonly state: 'ok' | 'note' | 'failed';
  readonly part: string;
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string | null;
}
