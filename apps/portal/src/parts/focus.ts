/** What the keyboard can reach inside the card, in order. */
const focusable = 'a[href], button:not(:disabled), input:not(:disabled), textarea, [tabindex="0"]';

/**
 * Puts the keyboard where the screen wants it: a field with an error first, else what the screen names
 * (`data-focus`), else its title. On touch screens never a field: the keyboard would cover the card before anything is read.
 */
export function focusScreen(card: HTMLElement | null, touch: boolean): void {
  if (!card) return;
  const title = card.querySelector<HTMLElement>("h1");
  const wanted =
    card.querySelector<HTMLElement>('[aria-invalid="true"]') ??
    card.querySelector<HTMLElement>('[data-focus="field"] input, button[data-focus]') ??
    title;
  (touch && wanted?.tagName === "INPUT" ? title : wanted)?.focus();
}

/** Keeps Tab inside the card: past its ends lies the page that the card covers. */
export function keepFocusInside(card: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const all = [...card.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.offsetParent !== null);
  const first = all[0];
  const last = all.at(-1);
  const at = document.activeElement;
  const inside = at instanceof HTMLElement && card.contains(at);
  const target = event.shiftKey
    ? !inside || at === first || !all.includes(at)
      ? last
      : null
    : !inside || at === last
      ? first
      : null;
  if (!target) return;
  event.preventDefault();
  target.focus();
}
