export interface ShareMeterProps {
  readonly label: string;
  readonly share: number; // 0 to 1
  readonly words: string;
  readonly tone: 'good' | 'warn';
}

/** How full something is. Drawn with an SVG attribute, so it needs no style of its own. */
export function ShareMeter({ label, share, words, tone }: ShareMeterProps) {
  return (
    <div className="share-meter">
      <span className="muted">{label}</span>
      <span className="num">{words}</span>
      <meter className="visually-hidden" min={0} max={100} value={share * 100} aria-label={`${label}: ${words}`} />
      <svg className={`share-bar ${tone}`} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
        <rect className="share-ground" width="100" height="1" />
        <rect className="share-fill" width={share === 0 ? 0 : Math.max(0.6, share * 100)} height="1" />
      </svg>
    </div>
  );
}
