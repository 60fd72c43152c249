// Asks the city, and learns from each answer how far this device's clock is off.
import {heard} from './deskclock.js';

let csrf = document.querySelector('meta[name=csrf]')?.content;

// What a change must carry.
export const csrfNow = () => csrf;

// A page kept for offline may carry a token of the sign-in before.
export const renewed = async () => {
  try {
    const page = await (await fetch(location.href, {cache: 'no-store'})).text();
    const made = new DOMParser().parseFromString(page, 'text/html');
    const fresh = made.querySelector('[data-worker]') && made.querySelector('meta[name=csrf]');
    if (!fresh || fresh.content === csrf) return false;
    csrf = fresh.content;
    return true;
  } catch {
    return false;
  }
};

// How to ask what begins with `api`, where an answer may take `longest`. The answers:
// {data, offset (ms that this clock is behind)} or {status (0: no network), why}.
export const asking = (api, longest) => {
  const ask = async (path, body, again = true) => {
    const began = performance.now();
    let answer;
    let data;
    try {
      answer = await fetch(api + path, {
        method: body ? 'POST' : 'GET',
        headers: body ? {'content-type': 'application/json', 'x-csrf-token': csrf} : {},
        body: body && JSON.stringify(body),
        cache: 'no-store',
        signal: AbortSignal.timeout(longest),
      });
      data = await answer.json();
    } catch {
      return {status: answer && !answer.ok ? answer.status : 0, why: ''};
    }
    if (answer.status === 403 && body && again && await renewed()) return ask(path, body, false);
    if (!answer.ok) return {status: answer.status, why: data.detail ?? ''};
    const server = Date.parse(data.server_now);
    if (!server) return {status: 0, why: ''};
    const low = server - Date.now();
    const took = Math.ceil(performance.now() - began);
    return {data, offset: heard(low, low + took)};
  };
  return ask;
};
