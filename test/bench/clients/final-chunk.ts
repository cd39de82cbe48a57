/** Says of each chunk whether it completes a body of the declared length; null = no length was declared. */
export function createFinalChunkMarker(contentLength: number | null): (chunk: Buffer) => boolean {
  let remaining = contentLength;
  return (chunk) => {
    if (remaining === null) return false;
    remaining -= chunk.length;
    return remaining === 0;
  };
}
