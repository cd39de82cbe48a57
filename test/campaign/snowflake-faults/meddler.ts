/**
 * Somebody with rights in the account, who holds the lock of the positions now and then, as other gateways of a fleet do, and puts them back: to
 * the beginning, half way, or to what they were at some earlier time (a clone, Time Travel).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SnowflakeServer } from '../../helpers/snowflake-server/server.ts';

type Earlier = readonly (readonly [streamId: string, lastSeq: number])[];

export class Meddler {
  readonly #server: SnowflakeServer;
  readonly #random: () => number;
  #earlier: Earlier = [];
  #running: Promise<void> = Promise.resolve();
  #ending = false;
  putBacks = 0;

  constructor(server: SnowflakeServer, random: () => number) {
    this.#server = server;
    this.#random = random;
  }

  begin(): void {
    this.#running = this.#again();
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#running;
  }

  async #again(): Promise<void> {
    while (!this.#ending) {
      await sleep(200 + this.#random() * 600);
      if (this.#random() < 0.3) this.#earlier = await this.#positions();
      const change = this.#random() < 0.25 ? this.#putBack() : ['UPDATE stream_offsets SET updated_at = SYSDATE()'];
      const wait = `SELECT SYSTEM$WAIT(${Math.round(50 + this.#random() * 150)}, 'MILLISECONDS')`;
      await this.#server.rows(['BEGIN', ...change, wait, 'COMMIT'].join(';\n'));
    }
  }

  #putBack(): readonly string[] {
    this.putBacks += 1;
    const where = this.#random();
    if (where < 0.3) return ['UPDATE stream_offsets SET last_seq = 0'];
    if (where < 0.6) return ['UPDATE stream_offsets SET last_seq = FLOOR(last_seq / 2)'];
    return this.#earlier.map(
      ([streamId, lastSeq]) => `UPDATE stream_offsets SET last_seq = ${lastSeq} WHERE stream_id = '${streamId}'`,
    );
  }

  async #positions(): Promise<Earlier> {
    const rows = await this.#server.rows('SELECT stream_id AS "stream", last_seq AS "seq" FROM stream_offsets');
    return rows.map((row) => [String(row['stream']), Number(row['seq'])]);
  }
}
