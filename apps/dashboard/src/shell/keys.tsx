/** The page's keys: `g` and a letter or a number for the pages, `/` for the instrument, `t` for the theme, `?` for this list. */
import { Fragment, useEffect } from 'react';
import { INSTRUMENT_SELECT } from '../lib/instrument-select.ts';
import { toggleTheme } from '../lib/theme.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Button } from '../ui/button.tsx';
import { PAGES, goTo } from './pages.ts';

const CHORD_MS = 1500;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName));

export function useKeys(showKeys: () => void): void {
  useEffect(() => {
    let chordUntil = 0;
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      const { key } = event;
      const isChord = event.timeStamp < chordUntil;
      chordUntil = 0;
      const page = isChord ? PAGES.find((one) => one.key === key) : PAGES[Number(key) - 1];
      if (page !== undefined) goTo(page.id);
      else if (key === 'g') chordUntil = event.timeStamp + CHORD_MS;
      else if (key === '?') showKeys();
      else if (key === 't') toggleTheme();
      else if (key === '/') document.querySelector<HTMLElement>(`#${INSTRUMENT_SELECT}`)?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [showKeys]);
}

const OTHERS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'Instrument'],
  [['t'], 'Dark or light'],
  [['?'], 'These keys'],
  [['Esc'], 'Closes a dialog'],
];

const ON_CHARTS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['↑', '↓'], 'Ladder, heatmap: scroll the price'],
  [['c'], 'Ladder, heatmap: back to the market'],
  [['+', '−'], 'Heatmap: zoom the price'],
  [['←', '→'], 'Heatmap: scroll the time'],
];

function Keys({ list }: { readonly list: typeof OTHERS }) {
  return list.map(([keys, what]) => (
    <Fragment key={what}>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </Fragment>
  ));
}

interface KeysDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function KeysDialog({ open, onClose }: KeysDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Keys" description="They work wherever you are not typing.">
      <dl className="keys">
        {PAGES.map((page, index) => (
          <Fragment key={page.id}>
            <dt>
              <kbd>g</kbd> <kbd>{page.key}</kbd> or <kbd>{index + 1}</kbd>
            </dt>
            <dd>{page.title}</dd>
          </Fragment>
        ))}
        <Keys list={OTHERS} />
        <Keys list={ON_CHARTS} />
      </dl>
      <div className="dialog-buttons">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
