import { useState } from 'react';
import { CodeSnippet } from '../../components/code-snippet.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useAsk } from '../../query/use-question.ts';
import { useShell } from '../../shell/services.tsx';
import { apis, choosesApi, clients, firstChoice, languages, snippet, type Choice, type Snippet } from './snippets.ts';

/** Which client, then the code for it with the address of this gateway in it. */
export function SnippetChooser() {
  const [choice, setChoice] = useState<Choice>(firstChoice);
  const about = useAsk('about', undefined);
  const statusUrl = useShell((state) => state.status?.url ?? null);
  const gatewayUrl = statusUrl ?? about.data?.url ?? null;
  if (gatewayUrl === null) return <p className="muted">The gateway is starting; its address will be shown here.</p>;
  const shown = snippet(choice, gatewayUrl, upstreamsAt(gatewayUrl, about.data?.upstreams ?? []));
  return (
    <div className="snippet-chooser">
      <div className="row">
        <Segmented
          label="Client"
          value={choice.client}
          options={clients}
          onChange={(client) => setChoice({ ...choice, client })}
        />
        <span className="spacer" />
        {choosesApi(choice) ? (
          <Segmented label="API" value={choice.api} options={apis} onChange={(api) => setChoice({ ...choice, api })} />
        ) : (
          <Segmented
            label="Language"
            value={choice.language}
            options={languages}
            onChange={(language) => setChoice({ ...choice, language })}
          />
        )}
      </div>
      <CodeSnippet code={shown.code} what="Snippet" highlight={shown.baseUrl} />
      <Before shown={shown} />
    </div>
  );
}

function Before({ shown: { install, keyName } }: { shown: Snippet }) {
  return (
    <p className="fine">
      {install === null ? null : (
        <>
          Before it runs: <code>{install}</code>.{' '}
        </>
      )}
      The key comes from your environment (<code>{keyName}</code>) and goes to the provider alone.
    </p>
  );
}

type Upstreams = Parameters<typeof snippet>[2];

/** After a change of port the old answer still names the old one; its prefixes stay true. */
function upstreamsAt(gatewayUrl: string, upstreams: Upstreams): Upstreams {
  return upstreams.map((upstream) => ({ ...upstream, baseUrl: `${gatewayUrl}/${upstream.name}` }));
}
