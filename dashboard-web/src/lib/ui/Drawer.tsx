import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './Drawer.module.css';
import ui from './ui.module.css';

interface Props {
  title: ReactNode;
  label: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog at the right edge, the whole screen on a phone; Escape and a press beside it close it. */
export function Drawer({ title, label, onClose, children }: Props) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className={styles.overlay ?? ''}
    >
      <Modal className={styles.drawer ?? ''}>
        <Dialog className={styles.dialog ?? ''} aria-label={label}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title ?? ''}>
              {title}
            </Heading>
            <Button className={`${ui.button} ${ui.quiet}`} onPress={onClose}>
              Close
            </Button>
          </header>
          <div className={styles.body}>{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
