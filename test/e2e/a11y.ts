/** What a screen must keep for everybody: checks of a page as it stands, each of them a list of faults that has to be empty. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Rules of WCAG 2.2 A and AA that are broken, each with the elements. In one page: a window of Electron opens no second one for the result. */
export async function axeFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Controls that nobody can reach by scrolling, or whose words are cut, and a page that is wider than its window. */
export function clippedControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // A slider's and a file field's own input are hidden: their thumb and their button are the controls.
    const inputs =
      'input:not([type=hidden]):not([type=file]):not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select';
    const shown = (element: HTMLElement): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('.visually-hidden, [aria-hidden=true]') === null &&
      element.offsetWidth > 1;
    // A box inside something that scrolls can be brought anywhere into it, so from there on the scrolling frame has to be reachable.
    const reachable = (element: HTMLElement): boolean => {
      let { left, right, top, bottom } = element.getBoundingClientRect();
      for (let above = element.parentElement; above !== null; above = above.parentElement) {
        if (above === document.body || above === document.documentElement) break;
        const frame = above.getBoundingClientRect();
        const style = getComputedStyle(above);
        if (/auto|scroll/.test(style.overflowX)) ({ left, right } = frame);
        else if (style.overflowX !== 'visible' && (left < frame.left - 1 || right > frame.right + 1)) return false;
        if (/auto|scroll/.test(style.overflowY)) ({ top, bottom } = frame);
        else if (style.overflowY !== 'visible' && (top < frame.top - 1 || bottom > frame.bottom + 1)) return false;
      }
      const down = bottom <= window.innerHeight + 1 || scrollsAsPage();
      return left >= -1 && right <= window.innerWidth + 1 && top >= -1 - window.scrollY && down;
    };
    const scrollsAsPage = (): boolean => document.documentElement.scrollHeight > window.innerHeight;
    const nameOf = (element: HTMLElement): string =>
      `${element.tagName.toLowerCase()}.${element.className}[${element.getAttribute('type') ?? ''}] "${element.ariaLabel ?? element.innerText.trim().slice(0, 40)}"`;
    // A cell of a table or a filter that shortens a long value says so with its own ellipsis.
    const cut = (element: HTMLElement): boolean =>
      element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).textOverflow !== 'ellipsis';

    const buttons = [...document.querySelectorAll<HTMLElement>('button, [role=tab], [role=button], a[href]')].filter(
      shown,
    );
    const fields = [...document.querySelectorAll<HTMLElement>(inputs)].filter(shown);
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    return [
      ...(wide > 0 ? [`the page is ${wide} px wider than its window`] : []),
      ...[...buttons, ...fields]
        .filter((element) => !reachable(element))
        .map((element) => `out of reach: ${nameOf(element)}`),
      ...buttons.filter(cut).map((element) => `words cut: ${nameOf(element)}`),
    ];
  });
}
