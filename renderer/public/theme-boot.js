// Runs before the first paint (a blocking script, so that a content security policy without inline scripts can stay strict): the theme and
// density a person chose are on the root element before anything is drawn. The app keeps the stored copy up to date.
(function boot() {
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('aism.ui') ?? '{}') ?? {};
  } catch {
    stored = {};
  }
  const dark =
    stored.theme === 'dark' || (stored.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.dataset.density = stored.density === 'compact' ? 'compact' : 'comfortable';
})();
