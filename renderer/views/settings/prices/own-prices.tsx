import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useEffect, useReducer, useState } from 'react';
import type { PriceOverride, PricesState } from '../../../../contract/prices.ts';
import { Button } from '../../../components/button.tsx';
import { valueOf } from '../../../query/ask-error.ts';
import { askKey } from '../../../query/use-question.ts';
import { useActions, useServices, useShell } from '../../../shell/services.tsx';
import { useUnsaved } from '../../../shell/use-unsaved.ts';
import { SettingsGroup } from '../setting.tsx';
import { draftOf, emptyDraft, type EntryDraft } from './entry-draft.ts';
import { EntryForm } from './entry-form.tsx';
import { changeList, isChanged, listOf, overridesOf, type PriceListChange } from './price-list.ts';
import { PriceTable } from './price-table.tsx';

interface Editing {
  readonly id: number | null; // null = a new one
  readonly draft: EntryDraft;
}

export interface OwnPricesProps {
  readonly prices: PricesState;
  readonly onSaved: () => void;
}

export function OwnPrices({ prices, onSaved }: OwnPricesProps) {
  const [list, change] = useReducer(changeList, prices.overrides, listOf);
  const dirty = isChanged(list);
  const newer = JSON.stringify(prices.overrides) !== JSON.stringify(list.saved);
  const undo = (): void => change({ kind: 'loaded', overrides: prices.overrides });
  // Edited elsewhere, for example in the file itself: shown at once unless something here would be lost by it.
  if (newer && !dirty) undo();
  const [editing, setEditing] = useEditing();
  const save = useSavePrices((saved) => {
    change({ kind: 'loaded', overrides: saved.overrides });
    onSaved();
  });
  useUnsaved('own prices', dirty);
  return (
    <SettingsGroup
      title="Your own prices"
      hint="They go before the public lists. The first entry that fits a call is used, so the order matters."
    >
      {list.rows.length === 0 ? (
        <p className="muted">None: every call is priced by the public lists.</p>
      ) : (
        <PriceTable
          rows={list.rows}
          change={change}
          onEdit={({ id, entry }) => setEditing({ id, draft: draftOf(entry) })}
        />
      )}
      <div className="row">
        <Button onPress={() => setEditing({ id: null, draft: emptyDraft('google', '') })}>
          <Plus size={14} aria-hidden />
          Add a price
        </Button>
        <span className="spacer" />
        <SaveNote dirty={dirty} newer={newer} error={save.error} />
        <SaveButtons dirty={dirty} busy={save.isPending} onUndo={undo} onSave={() => save.mutate(overridesOf(list))} />
      </div>
      {editing === null ? null : <Editor editing={editing} change={change} onClose={() => setEditing(null)} />}
    </SettingsGroup>
  );
}

interface EditorProps {
  readonly editing: Editing;
  readonly change: (change: PriceListChange) => void;
  readonly onClose: () => void;
}

function Editor({ editing: { id, draft }, change, onClose }: EditorProps) {
  const done = (entry: PriceOverride): void => {
    change(id === null ? { kind: 'added', entry } : { kind: 'changed', id, entry });
    onClose();
  };
  const title = id === null ? 'Add a price' : 'Edit a price';
  return <EntryForm title={title} initial={draft} onClose={onClose} onDone={done} />;
}

/** The open form. A call without a price opens it with what the price is for. */
function useEditing() {
  const { addPrice } = useActions();
  const wanted = useShell((state) => state.newPrice);
  const [editing, setEditing] = useState<Editing | null>(() =>
    wanted === null ? null : { id: null, draft: emptyDraft(wanted.provider, wanted.model ?? '') },
  );
  useEffect(() => {
    if (wanted !== null) addPrice(null);
  }, [wanted, addPrice]);
  return [editing, setEditing] as const;
}

function useSavePrices(onSaved: (prices: PricesState) => void) {
  const { bridge } = useServices();
  const { notify } = useActions();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (overrides: PricesState['overrides']) => valueOf(bridge.ask('savePrices', overrides)),
    onSuccess: (prices) => {
      client.setQueryData(askKey('prices', undefined), prices);
      notify('good', 'Prices saved; the next call uses them');
      onSaved(prices);
    },
  });
}

function SaveNote({ dirty, newer, error }: { dirty: boolean; newer: boolean; error: Error | null }) {
  if (error !== null) return <output className="field-problem">Not saved: {error.message}</output>;
  if (dirty && newer) return <output className="field-problem">Changed elsewhere too; saving replaces that</output>;
  return <output className="fine">{dirty ? 'Not saved yet' : ''}</output>;
}

interface SaveButtonsProps {
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly onUndo: () => void;
  readonly onSave: () => void;
}

function SaveButtons({ dirty, busy, onUndo, onSave }: SaveButtonsProps) {
  return (
    <>
      {dirty ? (
        <Button look="quiet" onPress={onUndo}>
          Undo
        </Button>
      ) : null}
      <Button look="primary" isDisabled={!dirty || busy} onPress={onSave}>
        {busy ? 'Saving…' : 'Save prices'}
      </Button>
    </>
  );
}
