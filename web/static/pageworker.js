// Keeps a page and its files on the device: without a network it opens as it was. The constants above
// name the page, the version of these files and their addresses.
const FILES = `${NAME}-files-${VERSION}`;
const PAGES = `${NAME}-pages`;
const PATIENCE = 4e3;

const fill = async () => {
  const files = await caches.open(FILES);
  await files.addAll(SHELL.map(url => new Request(url, {cache: 'reload'})));
};

// Pages that are kept name files of the version before: they are fetched anew, where that works.
const renew = async () => {
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const answer = await fetch(request.url, {cache: 'no-store'}).catch(() => null);
    if (answer && isOurs(answer)) await pages.put(request.url, answer);
  }
};

const tidy = async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(`${NAME}-files-`) && name !== FILES) await caches.delete(name);
  }
  await clients.claim();
  await renew();
};

addEventListener('install', event => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener('activate', event => event.waitUntil(tidy()));

// A request that goes on in a bad network is given up after some seconds.
const timely = request => new Promise((resolve, reject) => {
  setTimeout(reject, PATIENCE);
  fetch(request).then(resolve, reject);
});

// A page of the city's, not that of the network's own sign-in.
const isOurs = answer => (
  answer.ok && !answer.redirected && answer.headers.has('content-security-policy'));

// The newest page; the kept one where the network, the server or its database fails, or where this
// device is sent to sign in: what it has counted must stay readable, and it offers to sign in.
const page = async request => {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(request, {ignoreVary: true});
  try {
    const answer = await timely(request);
    if (isOurs(answer)) await pages.put(request, answer.clone());
    const lost = answer.status >= 500 || answer.status === 401 || answer.type === 'opaqueredirect';
    return lost && kept ? kept : answer;
  } catch {
    return kept ?? Response.error();
  }
};

const file = async request => {
  try {
    const answer = await timely(request);
    if (answer.ok) return answer;
  } catch { /* no network: the kept one */ }
  const files = await caches.open(FILES);
  const asked = await files.match(request, {ignoreVary: true});
  const other = asked ?? await files.match(request, {ignoreVary: true, ignoreSearch: true});
  return other ?? Response.error();
};

addEventListener('fetch', event => {
  const {request} = event;
  const {origin, pathname} = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname === PAGE) event.respondWith(page(request));
  else if (pathname.startsWith('/static/')) event.respondWith(file(request));
});
