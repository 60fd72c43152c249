/* Whether letters are keys, of a page without the bar: kept on this machine as the bar keeps it. */

const NAME = 'letters';

const kept = () => {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
};

const keep = value => {
  try {
    localStorage.setItem(NAME, value);
  } catch {
    // For this visit alone.
  }
};

/* `box`: the checkbox that turns them off. */
export const useLetters = box => {
  box.checked = kept() !== 'off';
  box.addEventListener('change', () => keep(box.checked ? 'on' : 'off'));
  return () => box.checked;
};
