/** Where the key `/` goes: id of whatever choice of instrument the page in sight has. */
export const INSTRUMENT_SELECT = 'instrument-select';
