import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ParentMessage } from '../../contract/snowflake.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { heardBy, startsOf } from './fake-gateway.ts';
import { snowflakeForm } from './snowflake-form-example.ts';
import { running, supervisorScene, type SupervisorScene } from './supervisor-kit.ts';

let scene: SupervisorScene;
beforeEach(async () => {
  scene = await supervisorScene();
});
afterEach(() => scene.end());

describe('the hand-over', () => {
  const configured = (password: string): ParentMessage => ({
    kind: 'configure',
    snowflake: snowflakeForm({ password }),
    retention: { localDays: null, snowflakeDays: 30 },
  });
  const heard = (count: number) =>
    waitFor(`${count} messages`, async () => {
      const messages = await heardBy(scene.dataDir);
      return messages.length >= count && messages;
    });

  test('reaches a gateway at its start, on every change, and again after a crash, by pipe alone', async () => {
    scene.toTell = configured('CANARY-1');
    const supervisor = scene.supervise(['serve']);
    supervisor.start();
    const { endpoint } = await running(supervisor);
    expect(await heard(1)).toEqual([configured('CANARY-1')]);

    scene.toTell = configured('CANARY-2');
    supervisor.handOver();
    scene.toTell = { ...scene.toTell, snowflake: null };
    supervisor.handOver();
    expect(await heard(3)).toEqual([configured('CANARY-1'), configured('CANARY-2'), scene.toTell]);

    process.kill(endpoint?.pid ?? 0, 'SIGKILL');
    expect(await heard(4)).toHaveLength(4);
    const starts = JSON.stringify(await startsOf(scene.dataDir));
    expect(starts).not.toContain('CANARY');
    expect(starts).not.toContain('SNOWFLAKE_');
    expect(scene.lines.join('\n')).not.toContain('CANARY');
  });

  test('waits until there is something to tell', async () => {
    const supervisor = scene.supervise(['serve']);
    supervisor.start();
    await running(supervisor);
    supervisor.handOver();
    scene.toTell = configured('CANARY-late');
    supervisor.handOver();
    expect(await heard(1)).toEqual([configured('CANARY-late')]);
  });

  test('to a gateway that is gone, or not started, changes nothing', async () => {
    scene.toTell = configured('CANARY');
    const supervisor = scene.supervise(['serve']);
    supervisor.handOver();
    supervisor.start();
    await running(supervisor);
    await supervisor.stop();
    supervisor.handOver();
    expect(await heardBy(scene.dataDir)).toHaveLength(1);
  });
});
