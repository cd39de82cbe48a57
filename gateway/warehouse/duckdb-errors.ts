/** DuckDB's errors, told apart once, here. They carry no code in Node, only the class name that begins the message. */

export type DuckDbFault =
  | 'data' // the values cannot be stored; repeating cannot help
  | 'corrupt' // the file is damaged: set it aside
  | 'invalidated' // this process must open the file again
  | 'locked' // another process holds the file
  | 'interrupted'
  | 'other'; // may pass: disk full, out of memory, permissions

const patterns: readonly (readonly [DuckDbFault, RegExp])[] = [
  ['interrupted', /INTERRUPT Error|Interrupted!/],
  ['locked', /Could not set lock on file|being used by another process/i],
  ['other', /No space left|Disk quota|Permission denied|Too many open files|Out of Memory|Read-only file system/i],
  ['invalidated', /database has been invalidated/i],
  [
    'corrupt',
    /not a valid DuckDB database|Could not read enough bytes|[Cc]orrupt|checksum|Serialization Error|(replay|replaying|reading).* WAL|Catalog Error: Table with name (api_usage_metrics|stream_offsets)|newer version of DuckDB|storage version/,
  ],
  ['data', /^(Conversion|Invalid Input|Out of Range|Constraint|Mismatch Type) Error/],
];

export function duckDbFault(error: unknown): DuckDbFault {
  const message = error instanceof Error ? error.message : String(error);
  return patterns.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}
