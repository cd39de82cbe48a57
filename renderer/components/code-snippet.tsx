import { CopyButton } from './copy-button.tsx';

export interface CodeSnippetProps {
  readonly code: string;
  readonly what: string;
  /** Part of the code to set off: the one thing the reader has to change. */
  readonly highlight?: string;
}

export function CodeSnippet({ code, what, highlight }: CodeSnippetProps) {
  return (
    <div className="snippet">
      <pre>
        <code>{highlight === undefined || highlight === '' ? code : marked(code, highlight)}</code>
      </pre>
      <div className="snippet-copy">
        <CopyButton text={code} what={what} withLabel />
      </div>
    </div>
  );
}

function marked(code: string, highlight: string) {
  const index = code.indexOf(highlight);
  if (index < 0) return code;
  return (
    <>
      {code.slice(0, index)}
      <mark>{highlight}</mark>
      {code.slice(index + highlight.length)}
    </>
  );
}
