/**
 * What has no price here, and why, for docs/PRICES.md. Where a call tells it, an example stands beside it: a test prices each example and
 * expects no cost. Where no call tells it, the documentation is all there is.
 */
import type { Provider, UsageRecord } from '../../contract/usage-record.ts';

export interface NotPriced {
  readonly provider: Provider;
  readonly what: string;
  readonly why: string;
  /** Fields of a call that shows it; null when no call does. */
  readonly example: Partial<UsageRecord> | null;
}

const unlisted = 'No list knows them: the cost stays unknown until you add a price.';
const jobs = "The answer tells no usage; it is in the job's result file, which is not read.";
const free = 'Free of charge.';
const asked = { inputTokens: 1_000, outputTokens: 100 } as const;

const google: readonly Omit<NotPriced, 'provider'>[] = [
  { what: 'Models that the list does not name', why: unlisted, example: { ...asked, model: 'gemini-99-secret' } },
  {
    what: 'Tuned models (`tunedModels/…`)',
    why: 'Their names are yours; what they resemble proves nothing.',
    example: {
      ...asked,
      model: 'tunedModels/gemini-2.5-flash-mine',
      modelRequested: 'tunedModels/gemini-2.5-flash-mine',
    },
  },
  {
    what: 'A service tier that is not in the table above',
    why: 'No price is published, and list price would be a guess.',
    example: { ...asked, model: 'gemini-2.5-flash', serviceTier: 'turbo' },
  },
  {
    what: 'Transcripts of live sessions',
    why: 'A second model writes them, and the session does not tell which.',
    example: { ...asked, surface: 'live', model: 'gemini-2.5-flash', units: { transcriptionTokens: 50 } },
  },
  {
    what: 'Batch jobs (`:batchGenerateContent`)',
    why: jobs,
    example: { surface: 'batchGenerateContent', ...asked, model: 'gemini-2.5-flash' },
  },
  {
    what: 'Counting tokens, listing models, files',
    why: free,
    example: { surface: 'countTokens', ...asked, model: 'gemini-2.5-flash' },
  },
  {
    what: 'Caches that were prolonged or removed early',
    why: 'A cache is priced once, when it is made, for the life it was promised.',
    example: null,
  },
];

const openai: readonly Omit<NotPriced, 'provider'>[] = [
  {
    what: 'Models that the list does not name, fine-tuned ones among them',
    why: unlisted,
    example: { ...asked, model: 'ft:secret:mine' },
  },
  {
    what: 'Priority tier of other models than those above',
    why: 'Its price is published model by model.',
    example: { ...asked, model: 'gpt-3.5-turbo', serviceTier: 'priority' },
  },
  {
    what: 'Audio billed by the second, of other models than those above',
    why: 'No price of a second is known.',
    example: { surface: 'audio', model: 'gpt-nobody-transcribe', units: { audioSeconds: 60 } },
  },
  {
    what: 'Images of `dall-e-2` and `dall-e-3`',
    why: 'Their price depends on size and quality, which the answer does not tell.',
    example: { surface: 'images', model: 'dall-e-3', units: { images: 1 } },
  },
  { what: 'Batch jobs', why: jobs, example: { surface: 'batches', ...asked, model: 'gpt-4o' } },
  {
    what: 'Code interpreter containers, stored vectors, fine-tuning',
    why: 'Billed by time or size, which no call tells.',
    example: null,
  },
];

const anthropic: readonly Omit<NotPriced, 'provider'>[] = [
  { what: 'Models that the list does not name', why: unlisted, example: { ...asked, model: 'claude-99-secret' } },
  {
    what: 'Priority tier and fast mode',
    why: 'They are not on the public list.',
    example: { ...asked, model: 'claude-sonnet-4-5', serviceTier: 'priority' },
  },
  { what: 'Message batches', why: jobs, example: { surface: 'message.batches', ...asked, model: 'claude-sonnet-4-5' } },
  { what: 'Counting tokens', why: free, example: { surface: 'count_tokens', ...asked, model: 'claude-sonnet-4-5' } },
  { what: 'Code execution', why: 'Billed by container hours, which no call tells.', example: null },
];

const other: readonly Omit<NotPriced, 'provider'>[] = [
  {
    what: 'Everything, until you add a price',
    why: "What an unknown upstream asks for is no public list's business.",
    example: { ...asked, surface: 'other', model: 'gpt-4o' },
  },
];

const all: readonly (readonly [Provider, readonly Omit<NotPriced, 'provider'>[]])[] = [
  ['google', google],
  ['openai', openai],
  ['anthropic', anthropic],
  ['other', other],
];

export const notPriced: readonly NotPriced[] = all.flatMap(([provider, entries]) =>
  entries.map((entry) => ({ provider, ...entry })),
);
