/**
 * Who may do what, simplified: a role has privileges on objects; there is no role hierarchy, ACCOUNTADMIN may do everything, and the role
 * that creates an object owns it. As in Snowflake an object no privilege leads to does not exist for the role.
 */
import { dotted } from './names.ts';
import type { ObjectName } from './sql/statement.ts';

export const administrator = 'ACCOUNTADMIN';

export type SecurableKind = 'warehouse' | 'database' | 'schema' | 'table' | 'procedure';
/** Views are `table` here: they share one name space. */
export interface Securable {
  readonly kind: SecurableKind;
  /** Stored names joined by dots. */
  readonly name: string;
}

export const warehouse = (name: string): Securable => ({ kind: 'warehouse', name });
export const database = (name: string): Securable => ({ kind: 'database', name });
export const schema = (databaseName: string, name: string): Securable => ({
  kind: 'schema',
  name: `${databaseName}.${name}`,
});
export const table = (name: ObjectName): Securable => ({ kind: 'table', name: dotted(name) });
export const procedure = (name: ObjectName): Securable => ({ kind: 'procedure', name: dotted(name) });

export interface Grant {
  readonly role: string;
  readonly privilege: string;
  readonly on: Securable;
}

interface FutureGrant {
  readonly role: string;
  readonly privilege: string;
  readonly kind: 'table' | 'procedure';
  /** Name of a schema or of a database. */
  readonly within: string;
}

const keyOf = (on: Securable): string => `${on.kind}:${on.name}`;

export class Grants {
  readonly #grants = new Map<string, Grant>();
  readonly #future: FutureGrant[] = [];

  /** `privilege` in lower case: usage, select, insert, create table, ownership, all … */
  grant(role: string, privilege: string, on: Securable): void {
    this.#grants.set(`${role} ${privilege} ${keyOf(on)}`, { role, privilege, on });
  }

  /** Every privilege of the role on the object when none is named. */
  revoke(role: string, on: Securable, privilege: string | null = null): void {
    for (const [key, held] of this.#grants) {
      const same = held.role === role && keyOf(held.on) === keyOf(on);
      if (same && (privilege === null || held.privilege === privilege)) this.#grants.delete(key);
    }
  }

  grantFuture(grant: FutureGrant): void {
    this.#future.push(grant);
  }

  /** A new object: its creator owns it, and future grants take effect. One that replaces another keeps its grants with COPY GRANTS. */
  created(on: Securable, owner: string, copyGrants = false): void {
    for (const held of this.all()) {
      const goes = keyOf(held.on) === keyOf(on) && (!copyGrants || held.privilege === 'ownership');
      if (goes) this.revoke(held.role, on, held.privilege);
    }
    this.grant(owner, 'ownership', on);
    for (const future of this.#future) {
      if (future.kind === on.kind && on.name.startsWith(`${future.within}.`)) {
        this.grant(future.role, future.privilege, on);
      }
    }
  }

  /** The object is gone, and what was granted on it. */
  forget(on: Securable): void {
    for (const [key, held] of this.#grants) if (keyOf(held.on) === keyOf(on)) this.#grants.delete(key);
  }

  allows(role: string, privilege: string, on: Securable): boolean {
    if (role === administrator) return true;
    return this.of(role, on).some((held) => held === privilege || held === 'ownership' || held === 'all');
  }

  sees(role: string, on: Securable): boolean {
    return role === administrator || this.of(role, on).length > 0;
  }

  owner(on: Securable): string | null {
    return this.all().find((held) => held.privilege === 'ownership' && keyOf(held.on) === keyOf(on))?.role ?? null;
  }

  of(role: string, on: Securable): readonly string[] {
    return this.all()
      .filter((held) => held.role === role && keyOf(held.on) === keyOf(on))
      .map((held) => held.privilege);
  }

  all(): readonly Grant[] {
    return [...this.#grants.values()];
  }
}
