/* The bar of every page of headquarters; a page that imports something of it takes hqbarkeys.js or
   hqbarmode.js, for this file is loaded by its own address. */

import './hqbarkeys.js';
import './hqbarmode.js';
