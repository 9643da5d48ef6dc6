import { type ReactNode, useEffect, useRef } from 'react';
import { setPageTitle } from './documentTitle';
import ui from './ui.module.css';

/** The page's `h1`: takes the focus when the page changes, so that a screen reader hears where it is. */
export function PageTitle({
  title,
  children,
  lead,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    setPageTitle(title);
    // On the first load the reader starts at the top of the document, as everywhere on the web.
    if (document.body.dataset.navigated) heading.current?.focus({ preventScroll: true });
    document.body.dataset.navigated = 'yes';
  }, [title]);
  return (
    <header className={ui.pageHead}>
      <h1 ref={heading} tabIndex={-1}>
        {title} {lead}
      </h1>
      {children}
    </header>
  );
}
