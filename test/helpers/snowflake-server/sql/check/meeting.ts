/** Values that must have one type: sides of a comparison, branches of CASE, arguments of COALESCE, rows of VALUES. */
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { commonType, isSemi, maxPrecision, numberType, typeText, varchar } from '../types.ts';
import { cast } from './cast.ts';
import type { CastContext } from './cast-shape.ts';
import { settled, type ExprType, type Typed } from './typed.ts';

const isLoose = (type: ExprType): type is { kind: 'null' | 'bind' } => type.kind === 'null' || type.kind === 'bind';

export interface Meeting {
  readonly type: SnowflakeType;
  readonly values: readonly Typed[];
}

/** Compared, a VARIANT becomes the other's type; elsewhere the other becomes a VARIANT. @throws SqlError 001038 */
export function common(
  values: readonly Typed[],
  context: CastContext,
  { comparing = false }: { comparing?: boolean } = {},
): Meeting {
  const type = commonOf(values, comparing);
  return { type, values: values.map((value) => cast(value, type, context)) };
}

function commonOf(values: readonly Typed[], comparing: boolean): SnowflakeType {
  const typed = values.filter((value) => !isLoose(value.type));
  const plain = comparing ? typed.filter((value) => !isSemi(value.type.kind)) : [];
  const deciding = plain.length > 0 ? plain : typed;
  let type: SnowflakeType | null = null;
  for (const value of deciding) {
    const next = settled(value.type);
    const met: SnowflakeType | null = type === null ? next : commonType(type, next);
    if (met === null) throw faults.wrongParameter(value.text, typeText(next), typeText(type ?? next));
    type = met;
  }
  return plain.length > 0 && plain.length < typed.length ? roomy(type ?? varchar) : (type ?? varchar);
}

/** What a VARIANT becomes that is compared with a value of the type: it may hold more than a constant's type has room for. */
function roomy(type: SnowflakeType): SnowflakeType {
  if (type.kind === 'varchar') return varchar;
  return type.kind === 'number' ? numberType(maxPrecision, Math.max(type.scale, 9)) : type;
}

/** The type that columns of two queries have in common. */
export function commonColumn(a: SnowflakeType, b: SnowflakeType): SnowflakeType {
  const type = commonType(a, b);
  if (type === null) throw faults.wrongParameter('COLUMN', typeText(b), typeText(a));
  return type;
}
