/** `alerts.json`: what was told outlives the process. A damaged file is set aside; one that cannot be written costs a second telling at most. */
import { readOrSetAside, writePrivateJson } from '../private-file.ts';
import { AlertsMemory, noMemory } from './memory.ts';

export interface AlertsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface AlertsFile {
  read(): AlertsMemory;
  /** Writes what differs from the file; a failure is logged once and tried again with the next call. */
  keep(memory: AlertsMemory): void;
}

export function alertsFile(path: string, log: AlertsLog): AlertsFile {
  let written = '';
  let failing = false;
  return {
    read() {
      try {
        const { value, setAside } = readOrSetAside(path, AlertsMemory);
        if (setAside !== null) log.warn({ setAside }, 'AlertsFileSetAside');
        written = JSON.stringify(value);
        return value ?? noMemory;
      } catch (error) {
        log.warn({ err: error }, 'AlertsFileUnreadable');
        return noMemory;
      }
    },
    keep(memory) {
      const text = JSON.stringify(memory);
      if (text === written) return;
      try {
        writePrivateJson(path, memory);
        written = text;
        failing = false;
      } catch (error) {
        if (!failing) log.warn({ err: error }, 'AlertsFileNotWritten');
        failing = true;
      }
    },
  };
}
