/* Corners as text: a line of latitude and longitude for each, or a polygon as GeoJSON. */

import {fromGeometry} from './hqalertring.js';

const LEAST = 3;
const POLYGONS = ['Polygon', 'MultiPolygon'];

export const textOf = line => (line.whole ? JSON.stringify(line.whole) : line.corners.map(([lon, lat]) => `${lat}, ${lon}`).join('\n'));

/* What is wrong with a line of text, or its corner. */
const corner = text => {
  const numbers = text.normalize('NFKC').split(/[\s,、;]+/u).filter(Boolean).map(Number);
  if (numbers.length !== 2 || numbers.some(one => !Number.isFinite(one))) return '緯度と経度の、2つの数にしてください。例：35.6581, 139.3250';
  const [lat, lon] = numbers;
  if (Math.abs(lat) > 90 && Math.abs(lon) <= 90) return '緯度と経度が逆です。緯度を先に書いてください。';
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return '緯度は-90〜90、経度は-180〜180です。';
  return [lon, lat];
};

const fromLines = text => {
  const read = text.split('\n').map((one, index) => [index + 1, one.trim()]).filter(([, one]) => one)
    .map(([number, one]) => [number, corner(one)]);
  const wrong = read.filter(([, found]) => typeof found === 'string').map(([number, found]) => `${number}行目：${found}`);
  if (wrong.length) return {wrong};
  const corners = read.map(([, found]) => found);
  if (corners.length > LEAST && String(corners[0]) === String(corners.at(-1))) corners.pop();
  if (corners.length < LEAST) return {wrong: [`角が${corners.length}つです。3つ以上入れてください。`]};
  return {line: {corners, closed: true, whole: null}};
};

/* A geometry, a Feature with one, or a collection of one Feature. */
const geometryIn = given => {
  if (given?.type === 'FeatureCollection') return given.features?.length === 1 ? geometryIn(given.features[0]) : null;
  return given?.type === 'Feature' ? given.geometry : given;
};

const isRing = ring => Array.isArray(ring) && ring.length > LEAST
  && ring.every(one => Array.isArray(one) && one.length > 1 && one.every(Number.isFinite));

const fromJson = text => {
  let geometry;
  try {
    geometry = geometryIn(JSON.parse(text));
  } catch {
    return {wrong: ['GeoJSONとして読めません。はじめの { から終わりの } まで貼り付けてください。']};
  }
  if (!POLYGONS.includes(geometry?.type)) return {wrong: ['GeoJSONに面がありません。PolygonかMultiPolygonを一つだけ入れてください。']};
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const isPart = part => Array.isArray(part) && part.length > 0 && part.every(isRing);
  if (!Array.isArray(parts) || !parts.length || !parts.every(isPart)) return {wrong: ['GeoJSONの座標を読めません。角は3つ以上、[経度, 緯度] の順です。']};
  return {line: fromGeometry(geometry)};
};

/* {line}, or {wrong}: what to mend, line by line. */
export const lineOf = text => (text.trim().startsWith('{') ? fromJson(text) : fromLines(text));
