/** docs/SURFACES.md from what the adapters declare: `node build/docs/surfaces.ts` writes it, a test says when it is out of date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generationSurfaces } from '../../contract/usage-record.ts';
import type { ProviderAdapter, SurfaceRow } from '../../gateway/usage/adapter.ts';
import { adapters } from '../../gateway/usage/providers.ts';

export const surfacesFile = join(import.meta.dirname, '../../docs/SURFACES.md');

const names = {
  google: 'Google',
  openai: 'OpenAI and compatible',
  anthropic: 'Anthropic',
  other: 'Any other API',
} as const;

const intro = `# What is metered

Made by \`node build/docs/surfaces.ts\` from the adapters in \`gateway/usage/\`; do not edit.

Every call through the gateway is one row. This table says which calls are recognised, and what of them is metered. **Generation** calls count in
success rates, token totals and cost; the others are counted as calls only. Paths are shown as records hold them: identifiers replaced, no
query. \`v1beta\` stands for any version of the Gemini API (\`v1\`, \`v1alpha\`), \`{model}\` for \`models/…\` and \`tunedModels/…\`. A compatible
upstream under another name is metered like its provider when its configuration says so (\`provider\`).

Polls and previews never count twice: a video job is counted when it is accepted, a background run by the first call that brings its usage.
A number is \`reported\`, \`derived\` (computed from reported ones), \`estimated\` or absent; absent is never 0.
`;

export function surfacesText(): string {
  const sections = Object.values(adapters).map((adapter) => section(adapter));
  return `${[intro, ...sections].join('\n')}`;
}

function section({ provider, surfaces }: ProviderAdapter): string {
  const head = ['method', 'path', 'surface', 'class', 'metered'];
  const lines = [head, head.map(() => '---'), ...surfaces.map(cells)].map((line) => `| ${line.join(' | ')} |`);
  return `## ${names[provider]}\n\n${lines.join('\n')}\n`;
}

function cells({ method, path, surface, meters }: SurfaceRow): readonly string[] {
  const kind = generationSurfaces.includes(surface) ? 'generation' : 'call';
  return [method, `\`${path}\``, surface, kind, meters];
}

if (import.meta.main) writeFileSync(surfacesFile, surfacesText());
