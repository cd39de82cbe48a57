/** The price lists behind one import: loaded when calls are priced again, never before. */
export { createPriceBook } from '../pricing/price-book.ts';
export { readOverrides } from '../pricing/overrides-file.ts';
