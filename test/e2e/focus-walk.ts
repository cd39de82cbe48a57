/** Walks a page with the Tab key alone and tells where the focus went. */
import type { Page } from '@playwright/test';

export interface FocusStop {
  readonly name: string;
  readonly ring: boolean; // an outline or a shadow shows that it has the focus
}

const mostStops = 400; // more than any screen has

/** Every stop from the first to the one after which the focus is back at it. Marks what it visits for {@link unreachedControls}. */
export async function focusStops(page: Page): Promise<{ stops: FocusStop[]; cameRound: boolean }> {
  await page.evaluate(() => {
    for (const seen of document.querySelectorAll('[data-walked]')) seen.removeAttribute('data-walked');
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  const stops: FocusStop[] = [];
  for (let pressed = 0; pressed < mostStops; pressed++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(markFocused);
    if (stop === 'seen') return { stops, cameRound: true };
    if (stop !== null) stops.push(stop);
  }
  return { stops, cameRound: false };
}

/** In the page. Null on the document itself, between the last stop and the first. */
function markFocused(): FocusStop | 'seen' | null {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body) return null;
  if (focused.dataset['walked'] !== undefined) return 'seen';
  focused.dataset['walked'] = '';
  const shows = (element: Element | null): boolean => {
    if (element === null) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  };
  // A switch, a radio button and a search field draw the ring on what stands for them.
  const frames = [focused, focused.closest('label'), focused.closest('.search')];
  const inside = focused.closest('label')?.querySelector('.switch-track, .radio-dot, .checkbox-box') ?? null;
  const name = focused.ariaLabel ?? focused.innerText.trim().slice(0, 40);
  return {
    name: `${focused.tagName.toLowerCase()}.${focused.className} "${name}"`,
    ring: [...frames, inside].some(shows),
  };
}

/** Controls in sight that the walk did not visit and that no visited neighbour leads to with the arrow keys. */
export function unreachedControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const groups =
      '[role=radiogroup], [role=toolbar], [role=tablist], [role=grid], [role=menu], [role=listbox], [role=group]';
    const controls = document.querySelectorAll<HTMLElement>(
      'button, a[href], input:not([type=hidden]), textarea, select, [role=button], [role=tab], [role=switch]',
    );
    return [...controls]
      .filter(
        (control) => control.checkVisibility({ visibilityProperty: true }) && control.dataset['walked'] === undefined,
      )
      .filter(
        (control) =>
          !control.matches(':disabled, [aria-disabled=true]') &&
          control.closest('[aria-hidden=true], [inert]') === null,
      )
      .filter((control) => control.getAttribute('type') !== 'file') // its button is the control
      .filter((control) => (control.closest(groups)?.querySelector('[data-walked]') ?? null) === null)
      .map(
        (control) =>
          `${control.tagName.toLowerCase()}.${control.className} "${control.ariaLabel ?? control.innerText.trim().slice(0, 40)}"`,
      );
  });
}
