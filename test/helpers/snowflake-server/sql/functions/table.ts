/** Every function this stand-in knows, by name. One that is not here is unknown, as in Snowflake. */
import { aggregateFunctions } from './aggregates.ts';
import { conditionFunctions } from './conditions.ts';
import { conversionFunctions } from './conversions.ts';
import { jsonFunctions } from './json.ts';
import { numberFunctions } from './numbers.ts';
import type { FunctionSpec } from './spec.ts';
import { textFunctions } from './text.ts';
import { timeFunctions } from './times.ts';
import { windowFunctions } from './windows.ts';

const functions: ReadonlyMap<string, FunctionSpec> = new Map(
  [
    textFunctions,
    numberFunctions,
    conditionFunctions,
    conversionFunctions,
    timeFunctions,
    jsonFunctions,
    aggregateFunctions,
    windowFunctions,
  ].flatMap((table) => Object.entries(table)),
);

export const functionNamed = (name: string): FunctionSpec | undefined => functions.get(name);
