import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';

export interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly side?: 'right' | 'wide' | 'centre'; // wide: from the right, for text with long lines
  readonly children: ReactNode;
}

/** A modal sheet: focus stays inside and returns to where it was. */
export function Sheet({ title, onClose, side = 'right', children }: SheetProps) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={`overlay at-${side}`}>
      <Modal className={`sheet at-${side}`}>
        <Dialog className="sheet-dialog">
          <header className="sheet-head">
            <Heading slot="title">{title}</Heading>
            <IconButton label="Close" shortcut="Esc" onPress={onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </header>
          <div className="sheet-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
