// The page and its files stay on the device, and what is queued is not thrown away for room.
export const keepPage = async page => {
  const {serviceWorker: workers} = navigator;
  navigator.storage?.persist?.();
  if (!workers) return;
  await workers.register(page.worker, {scope: page.scope});
  await workers.ready;
  if (!workers.controller) {
    await new Promise(resolve => { workers.oncontrollerchange = resolve; });
  }
  await fetch(location.href, {cache: 'no-store'});
  document.documentElement.dataset.kept = 'yes';
};
