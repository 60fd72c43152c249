// Asks the city about places.
import {asking} from './cityask.js';

// How long an answer may take: shelters/doubts.py knows it too.
export const LONGEST = 15e3;

export const ask = asking('/api/v1/desk/', LONGEST);
