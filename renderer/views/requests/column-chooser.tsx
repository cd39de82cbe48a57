import { Check, Columns3 } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { IconButton } from '../../components/button.tsx';
import { chosenColumns, requestColumns, shownColumns } from '../../requests/request-columns.ts';
import { useActions, useShell } from '../../shell/services.tsx';

/** Which columns the list shows; kept in the settings. */
export function ColumnChooser() {
  const { save } = useActions();
  const chosen = useShell((state) => state.settings.requestColumns);
  const shown = new Set<string>(shownColumns(chosen).map(({ id }) => id));
  const toggle = (id: string): void => {
    const next = new Set(shown);
    if (!next.delete(id)) next.add(id);
    void save({ requestColumns: chosenColumns(next) });
  };
  return (
    <MenuTrigger>
      <IconButton label="Columns">
        <Columns3 size={15} aria-hidden />
      </IconButton>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Menu
          className="menu"
          aria-label="Columns"
          selectionMode="multiple"
          selectedKeys={shown}
          shouldCloseOnSelect={false}
        >
          {requestColumns.map(({ id, label }) => (
            <MenuItem key={id} id={id} textValue={label} onAction={() => toggle(id)}>
              {({ isSelected }) => (
                <>
                  <span className="menu-check">{isSelected ? <Check size={13} aria-hidden /> : null}</span>
                  {label}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
