/** The files this app wrote since it started: the only ones a page may have shown in the file manager. */
export interface WrittenFiles {
  add(path: string): void;
  has(path: string): boolean;
}

/** Compared whole, so that no page can name a neighbour of such a file. */
export function createWrittenFiles(): WrittenFiles {
  const paths = new Set<string>();
  return {
    add: (path) => void paths.add(path),
    has: (path) => paths.has(path),
  };
}
