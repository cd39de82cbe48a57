import { CornerDownLeft, Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { scrollable } from '../components/scrollable.ts';
import { useActions } from '../shell/services.tsx';
import { commandSections, type Command, type CommandSection } from './commands.ts';
import { matchesWords } from './matches-words.ts';
import { useCommands } from './use-commands.ts';

/** Everything that can be gone to or done, found by typing. Closes before a command runs, so that the focus is back where it was. */
export function Palette() {
  const { openSheet } = useActions();
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && openSheet(null)} className="overlay at-top">
      <Modal className="sheet palette">
        <Dialog className="sheet-dialog" aria-label="Command palette">
          <Commands />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Commands() {
  const { openSheet } = useActions();
  const commands = useCommands();
  const [typed, setTyped] = useState('');
  const run = (id: string): void => {
    openSheet(null);
    commands.find((command) => command.id === id)?.run();
  };
  return (
    <Autocomplete filter={matchesWords} inputValue={typed} onInputChange={setTyped}>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the palette is opened to type in it */}
      <SearchField className="palette-search" aria-label="Command" autoFocus>
        <Search size={16} aria-hidden />
        <Input placeholder="Go to, do, or find a model, user or key…" />
        <kbd>Esc</kbd>
      </SearchField>
      <div className="palette-scroll" {...scrollable}>
        <Menu
          className="menu palette-menu"
          aria-label="Commands"
          onAction={(id) => run(String(id))}
          renderEmptyState={() => <p className="panel-empty">Nothing is called “{typed}”</p>}
        >
          {commandSections.map((section) => (
            <Section
              key={section}
              section={section}
              commands={commands.filter((command) => command.section === section)}
            />
          ))}
        </Menu>
      </div>
    </Autocomplete>
  );
}

function Section({ section, commands }: { section: CommandSection; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <MenuSection>
      <Header>{section}</Header>
      {commands.map(({ id, label, hint }) => (
        <MenuItem key={id} id={id} textValue={`${section} ${label} ${hint}`}>
          <span className="ellipsis">{label}</span>
          <span className="spacer" />
          <span className="fine ellipsis">{hint}</span>
          <CornerDownLeft className="palette-enter" size={12} aria-hidden />
        </MenuItem>
      ))}
    </MenuSection>
  );
}
