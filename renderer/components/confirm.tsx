import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from './button.tsx';

export interface ConfirmProps {
  readonly title: string;
  /** The button that does it names what is done: "Delete 12,345 calls". */
  readonly confirm: string;
  readonly cancel?: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** A question before something that cannot be taken back. The harmless answer has the focus; Escape gives it too. */
export function Confirm({ title, confirm, cancel = 'Cancel', danger = true, busy = false, ...rest }: ConfirmProps) {
  const { onConfirm, onCancel, children } = rest;
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onCancel()} className="overlay at-centre">
      <Modal className="sheet at-centre">
        <Dialog className="sheet-dialog" role="alertdialog">
          <header className="sheet-head">
            <Heading slot="title">{title}</Heading>
          </header>
          <div className="sheet-body confirm">
            {children}
            <div className="row confirm-answers">
              <span className="spacer" />
              {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog has to place the focus; the harmless answer is the safe place */}
              <Button autoFocus onPress={onCancel}>
                {cancel}
              </Button>
              <Button look={danger ? 'danger' : 'primary'} isDisabled={busy} onPress={onConfirm}>
                {confirm}
              </Button>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
