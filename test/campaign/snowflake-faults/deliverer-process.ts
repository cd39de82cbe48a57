/** Lives of the delivering process, one after the other: each ends by kill -9, from outside or at a durable step of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DelivererStart } from './deliverer.ts';

const longestStartMs = 8_000;
const entry = new URL('./deliverer.ts', import.meta.url);

export class DelivererLives {
  readonly #start: DelivererStart;
  readonly #random: () => number;
  #child: ChildProcess | null = null;
  #running: Promise<void> = Promise.resolve();
  #ending = false;
  kills = 0;

  constructor(start: DelivererStart, random: () => number) {
    this.#start = start;
    this.#random = random;
  }

  /** Starts and, when `killing`, kills until {@link stopKilling}. */
  begin(killing: boolean): void {
    if (killing) this.#running = this.#killAgainAndAgain();
    else this.#child = this.#spawn(null);
  }

  /** The life after the last kill, for the drain: it knows nothing, and reads every position. */
  async stopKilling(): Promise<void> {
    await this.end();
    this.#child = this.#spawn(null);
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#running;
    await this.#kill();
  }

  /** Most lives come as far as a session, because loading the driver takes most of a short life. */
  async #killAgainAndAgain(): Promise<void> {
    while (!this.#ending) {
      const child = this.#spawn(this.#random() < 0.5 ? this.#crashPoint() : null);
      this.#child = child;
      const dead = once(child, 'exit');
      const connected = once(child, 'message');
      await Promise.race([
        dead,
        this.#random() < 0.8 ? connected : sleep(this.#random() * 1_000),
        sleep(longestStartMs),
      ]);
      await Promise.race([dead, sleep(this.#random() * 2_500)]);
      await this.#kill();
      this.kills += 1;
    }
  }

  #crashPoint(): string {
    const point = this.#random() < 0.5 ? 'snowflake.beforeStatement' : 'snowflake.afterStatement';
    return `${point}:${1 + Math.floor(this.#random() * 20)}`;
  }

  #spawn(crashAt: string | null): ChildProcess {
    const env = { ...process.env, AISM_CRASH_AT: crashAt ?? '', NODE_OPTIONS: '' };
    const child = fork(entry, { execArgv: [], env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('error', () => undefined); // a message to a process that is being killed
    child.send(this.#start);
    return child;
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const dead = once(child, 'exit');
    child.kill('SIGKILL');
    await dead;
  }
}
