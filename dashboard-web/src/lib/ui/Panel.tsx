import { type ReactNode, useId } from 'react';
import { cx } from './cx';
import { OfflineStrip } from './OfflineStrip';
import ui from './ui.module.css';

interface Props {
  title: ReactNode;
  /** Controls at the right end of the title row. */
  actions?: ReactNode;
  note?: ReactNode;
  /** The content draws to the panel's edges: tables and lists. */
  flush?: boolean;
  /** What is shown is being fetched again. */
  refreshing?: boolean;
  /** Says "Data to …" while the link is down; off for panels whose content does not age. */
  ages?: boolean;
  /** As high as its neighbour in a row; the content is told by `flex`. */
  fill?: boolean;
  children: ReactNode;
}

/** A named section of a page, with the states that every panel shares. */
export function Panel({
  title,
  actions,
  note,
  flush = false,
  refreshing = false,
  ages = true,
  fill = false,
  children,
}: Props) {
  const id = useId();
  return (
    <section className={cx(ui.panel, fill && ui.fill)} aria-labelledby={id}>
      {refreshing && <div className={ui.progress} aria-hidden="true" />}
      <header className={ui.panelHead}>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className={ui.panelNote}>{note}</span>}
        {actions}
      </header>
      {ages && <OfflineStrip />}
      <div className={cx(ui.panelBody, flush && ui.flush)}>{children}</div>
    </section>
  );
}
