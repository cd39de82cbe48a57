/** Text of a desktop entry (https://specifications.freedesktop.org/desktop-entry-spec/latest/). Pure. */

export interface DesktopEntry {
  readonly name: string;
  readonly comment: string;
  readonly command: readonly string[]; // program and arguments
}

export const autostartEntry = ({ name, comment, command }: DesktopEntry): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    `Name=${valueOf(name)}`,
    `Comment=${valueOf(comment)}`,
    `Exec=${valueOf(command.map(argumentOf).join(' '))}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** A string value: the escapes of the file come on top of those of the command line. */
const valueOf = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');

const needsQuotes = /[\s"'\\><~|&;$*?#()`]/;

/** "The Exec key": reserved characters need double quotes, in which `"`, backtick, `$` and `\` take a backslash; `%` is doubled everywhere. */
function argumentOf(argument: string): string {
  const text = argument.replaceAll('%', '%%');
  if (text !== '' && !needsQuotes.test(text)) return text;
  return `"${text.replaceAll(/["`$\\]/g, '\\$&')}"`;
}

/** Whether a desktop starts what this file names: a person may have switched it off in a session manager. */
export const isEnabledEntry = (text: string): boolean =>
  !/^Hidden\s*=\s*true\s*$/m.test(text) && !/^X-GNOME-Autostart-enabled\s*=\s*false\s*$/m.test(text);
