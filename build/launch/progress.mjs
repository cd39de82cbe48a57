const redrawEveryMs = 200;
const logEveryPercent = 10;

/**
 * One progress line: redrawn in place on a terminal, one line per ten percent in a log.
 * @param {string} label what is going on, for example `Downloading Electron`
 * @param {number} totalBytes
 * @param {{ isTTY?: boolean, write(text: string): unknown }} [out]
 */
export function startProgress(label, totalBytes, out = process.stderr) {
  let lastDrawnMs = 0;
  let lastLoggedPercent = 0;
  if (out.isTTY !== true) out.write(`${label} (${megabytes(totalBytes)})\n`);

  return {
    /** @param {number} doneBytes */
    update(doneBytes) {
      const percent = Math.min(100, Math.floor((doneBytes / totalBytes) * 100));
      const line = `${label}: ${percent} % of ${megabytes(totalBytes)}`;
      if (out.isTTY === true) {
        if (Date.now() - lastDrawnMs < redrawEveryMs) return;
        lastDrawnMs = Date.now();
        out.write(`\r${line}`);
        return;
      }
      if (percent - lastLoggedPercent < logEveryPercent) return;
      lastLoggedPercent = percent - (percent % logEveryPercent);
      out.write(`${line}\n`);
    },
    done() {
      out.write(out.isTTY === true ? `\r${label}: done            \n` : `${label}: done\n`);
    },
  };
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
