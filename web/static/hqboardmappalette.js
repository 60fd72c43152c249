/* The colours of headquarters' map: the page's tokens, or those of paper where there is no page. */

const TOKENS = {
  ink: '--ink', paper: '--paper', muted: '--muted', line: '--line', action: '--action', bad: '--bad',
  land: '--land', road: '--road', rim: '--rim', river: '--river', could: '--could', is: '--is', yellow: '--yellow', slide: '--slide',
  lv3: '--lv3', lv4: '--lv4', lv5: '--lv5', rim3: '--rim3', rim4: '--rim4', rim5: '--rim5',
  free: '--free', some: '--some', busy: '--busy', full: '--full',
};

/* As the tokens are by day; for prints. */
export const PAPER = {
  ink: '#14171a', paper: '#ffffff', muted: '#55606b', line: '#d5dbe1', action: '#0b5cad', bad: '#b3140a',
  land: '#f7f6f2', road: '#ffffff', rim: '#cfd3d6', river: '#b9cfdf', could: '#8cc6f5', is: '#005bbb', yellow: '#e0b000', slide: '#d4220b',
  lv3: '#ff2800', lv4: '#aa00aa', lv5: '#0c000c', rim3: '#ff2800', rim4: '#aa00aa', rim5: '#0c000c',
  free: '#1c6b3a', some: '#6b5a00', busy: '#a34700', full: '#9b1010',
};

const whole = colours => ({...colours, halo: colours.land, on3: '#000000', on4: '#ffffff', on5: '#ffffff'});

export const paper = whole(PAPER);

/* Those of the page as it is now, light or dark. */
export const pagePalette = (root = document.documentElement) => {
  const style = getComputedStyle(root);
  return whole(Object.fromEntries(Object.entries(TOKENS).map(([key, name]) => [key, style.getPropertyValue(name).trim() || PAPER[key]])));
};
