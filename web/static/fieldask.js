// Asks the city about reports and missions: a report with its small picture takes its time.
import {asking} from './cityask.js';

export const ask = asking('/api/v1/field/', 30e3);
