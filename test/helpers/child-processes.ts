/** Child processes of a process, from /proc (Linux): the campaigns stop and kill the gateway's own children by id. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ChildProcess {
  readonly pid: number;
  readonly commandLine: string;
}

export function childrenOf(parent: number): ChildProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => describe(Number(name), parent));
}

/** A process may end while it is being read: then it is not a child any more. */
function describe(pid: number, parent: number): ChildProcess[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parentPid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parentPid !== parent) return [];
    return [{ pid, commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return [];
    throw error;
  }
}

export function warehousePid(gatewayPid: number): number | null {
  return childrenOf(gatewayPid).find((child) => child.commandLine.includes('warehouse-process'))?.pid ?? null;
}
