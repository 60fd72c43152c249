/* Light or dark as it was chosen on a page of headquarters, before anything is drawn: not a module. */
{
  let theme = null;
  try {
    theme = localStorage.getItem('theme');
  } catch {
    theme = null;
  }
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
}
