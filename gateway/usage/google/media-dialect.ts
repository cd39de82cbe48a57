/**
 * Imagen and Veo, which report no tokens: images are billed one by one, videos by the second of every sample. A video job is counted when it is
 * accepted; the polls that ask for it are operations and count nothing.
 */
import type { Dialect } from '../adapter.ts';
import { countUnit, type Draft } from '../draft.ts';
import { asArray, isObject, isPresent } from '../json-value.ts';
import { plainDialect } from '../plain-dialect.ts';
import { noCounts, withUnits } from '../usage-counts.ts';
import { googleErrorCode } from './content-dialect.ts';

const plain = plainDialect({ errorCode: googleErrorCode, namesModel: false });

/** `:predict` of Imagen: a filtered image has a reason in place of its bytes and is not billed. */
export const imageDialect: Dialect = {
  ...plain,
  responseShape: {
    predictions: { bytesBase64Encoded: 'sign', gcsUri: 'sign' },
    error: { code: 'keep', status: 'keep' },
  },
  readBody(body, draft) {
    const made = asArray(body['predictions']).filter(
      (image) => isObject(image) && (isPresent(image['bytesBase64Encoded']) || isPresent(image['gcsUri'])),
    );
    countUnit(draft, 'images', made.length);
  },
  counts: (draft) => withUnits(noCounts, draft.units, 'derived'),
};

/** Seconds of a video when the request does not say (https://ai.google.dev/gemini-api/docs/video). */
const defaultSeconds = 8;
const mostSeconds = 3_600;
const mostSamples = 64;

/** `:predictLongRunning` of Veo: what was asked for, once it is accepted. */
export const videoDialect: Dialect = {
  ...plain,
  requestShape: { parameters: { durationSeconds: 'keep', sampleCount: 'keep' } },
  readRequest({ parameters }, draft) {
    if (!isObject(parameters)) return;
    const seconds = wholeOf(parameters['durationSeconds'], mostSeconds);
    const samples = wholeOf(parameters['sampleCount'], mostSamples);
    if (seconds !== null) draft.noted.seconds = seconds;
    if (samples !== null) draft.noted.samples = samples;
  },
  counts: (draft) =>
    isVideoModel(draft) ? withUnits(noCounts, { videoSeconds: videoSeconds(draft) }, sourceOf(draft)) : noCounts,
};

const isVideoModel = ({ modelRequested }: Draft): boolean => modelRequested?.includes('veo') ?? false;
const videoSeconds = ({ noted: { seconds = defaultSeconds, samples = 1 } }: Draft): number => seconds * samples;
const sourceOf = ({ noted }: Draft): 'derived' | 'estimated' => (noted.seconds === undefined ? 'estimated' : 'derived');

/** The API takes the number as text too. */
function wholeOf(value: unknown, most: number): number | null {
  const count = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count > 0 && count <= most ? count : null;
}
