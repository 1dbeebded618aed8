/**
 * The script of the zoomable chart: price with own quotes and fills, position and equity on one axis of time, down to single
 * events. It runs in the reader's browser on the embedded data of `timeline-data.ts` and loads nothing.
 */
export const VIEWER_SCRIPT = `
(() => {
'use strict';
const root = document.documentElement;
document.getElementById('theme').onclick = () => {
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  redraws.forEach((draw) => draw());
};
const redraws = [];
const unpack = (text) => {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Float64Array(bytes.buffer);
};
const unpackAll = (of) => Object.fromEntries(Object.entries(of).map(([key, text]) => [key, unpack(text)]));
/** First index whose value is not below t. */
const seek = (times, t) => {
  let low = 0, high = times.length;
  while (low < high) { const middle = (low + high) >> 1; if (times[middle] < t) low = middle + 1; else high = middle; }
  return low;
};
const niceStep = (span, count) => {
  const rough = span / count, power = 10 ** Math.floor(Math.log10(rough)), part = rough / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
};
const TIME_STEPS = [1e3,2e3,5e3,1e4,2e4,5e4,1e5,2e5,5e5,1e6,2e6,5e6,1e7,2e7,5e7,1e8,2e8,5e8,1e9,2e9,5e9,10e9,15e9,30e9,60e9,120e9,300e9,600e9,900e9,1800e9,3600e9,7200e9,14400e9,21600e9,43200e9,86400e9];

document.querySelectorAll('.timeline').forEach((host) => {
  const data = JSON.parse(host.querySelector('script').textContent);
  const mid = unpackAll(data.mid), position = unpackAll(data.position), equity = unpackAll(data.equity);
  const quotes = unpackAll(data.quotes), fills = unpackAll(data.fills);
  const startMs = Date.parse(data.start);
  const canvas = host.querySelector('canvas'), tip = host.querySelector('.tip'), label = host.querySelector('.range');
  const g = canvas.getContext('2d');
  const ends = [mid, position, equity].map((s) => s.t.length ? s.t[s.t.length - 1] : 0);
  const END = Math.max(1e3, ...ends), LEAST = 2e3;
  let from = 0, to = END, hover = null;
  // Quotes by time of beginning, and how long the longest stands, bound what has to be looked at.
  const byFrom = Array.from(quotes.from.keys()).sort((a, b) => quotes.from[a] - quotes.from[b]);
  const orderFrom = Float64Array.from(byFrom, (i) => quotes.from[i]);
  let longest = 0;
  for (let i = 0; i < quotes.from.length; i++) longest = Math.max(longest, quotes.to[i] - quotes.from[i]);
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const clock = (t, step) => {
    const iso = new Date(startMs + Math.floor(t / 1e6)).toISOString();
    if (step >= 60e9) return iso.slice(11, 16);
    if (step >= 1e9) return iso.slice(11, 19);
    const ns = String(Math.floor(((t % 1e9) + 1e9 + (startMs % 1000) * 1e6) % 1e9)).padStart(9, '0');
    return iso.slice(17, 19) + '.' + ns.slice(0, step >= 1e6 ? 3 : step >= 1e3 ? 6 : 9);
  };
  let LEFT = 66;
  const RIGHT = 10, BOTTOM = 24, GAP = 16;
  let panes = [];

  function pane(top, height, series, extra) {
    let low = Infinity, high = -Infinity;
    const see = (y) => { if (y < low) low = y; if (y > high) high = y; };
    const a = Math.max(0, seek(series.t, from) - 1), b = Math.min(series.t.length, seek(series.t, to) + 1);
    const every = Math.max(1, Math.floor((b - a) / 20000));
    for (let i = a; i < b; i += every) see(series.y[i]);
    if (extra) extra(see);
    if (!(low <= high)) { low = 0; high = 1; }
    const pad = (high - low) * 0.06 || Math.max(Math.abs(high) * 1e-4, 1e-9);
    low -= pad; high += pad;
    return { top, height, low, high, a, b, series, y: (v) => top + height - (v - low) / (high - low) * height };
  }
  function ticksOf(p, digits) {
    const step = niceStep(p.high - p.low, Math.max(4, p.height / 45));
    const places = Math.max(digits, Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))));
    const ticks = [];
    for (let k = Math.ceil(p.low / step); k * step <= p.high; k++) ticks.push({ v: k * step, text: (k * step).toFixed(places) });
    return ticks;
  }
  function axes(p, width, title) {
    g.strokeStyle = css('--grid'); g.fillStyle = css('--muted'); g.lineWidth = 1; g.textAlign = 'right'; g.textBaseline = 'middle';
    for (const { v, text } of p.ticks) {
      const y = Math.round(p.y(v)) + 0.5;
      g.beginPath(); g.moveTo(LEFT, y); g.lineTo(width - RIGHT, y); g.stroke();
      g.fillText(text, LEFT - 6, y);
    }
    g.textAlign = 'left'; g.textBaseline = 'top'; g.fillText(title, LEFT + 4, p.top - 12);
  }
  function stepLine(p, x, colour) {
    const { t, y } = p.series;
    g.strokeStyle = colour; g.lineWidth = 1.4; g.beginPath();
    let last = NaN, lastX = NaN, low = NaN, high = NaN;
    for (let i = p.a; i < p.b; i++) {
      const px = x(t[i]), py = p.y(y[i]);
      if (Math.round(px) === Math.round(lastX)) { low = Math.min(low, py); high = Math.max(high, py); last = py; continue; }
      if (lastX === lastX) { if (high - low > 1) { g.moveTo(lastX, low); g.lineTo(lastX, high); } g.moveTo(lastX, last); g.lineTo(px, last); g.lineTo(px, py); }
      else g.moveTo(px, py);
      low = high = last = py; lastX = px;
    }
    if (lastX === lastX) { if (high - low > 1) { g.moveTo(lastX, low); g.lineTo(lastX, high); } g.moveTo(lastX, last); g.lineTo(Math.max(lastX, x(Math.min(to, END))), last); }
    g.stroke();
  }
  function draw() {
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (width === 0) return;
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0); g.clearRect(0, 0, width, height); g.font = '11px system-ui, sans-serif';
    const x = (t) => LEFT + (t - from) / (to - from) * (width - LEFT - RIGHT);
    const room = height - BOTTOM - 3 * GAP;
    const firstFill = seek(fills.t, from), lastFill = seek(fills.t, to);
    const price = pane(GAP, room * 0.62, mid, (see) => { for (let i = firstFill; i < lastFill; i++) see(fills.price[i]); });
    const pos = pane(price.top + price.height + GAP, room * 0.19, position);
    const eq = pane(pos.top + pos.height + GAP, room * 0.19, equity);
    panes = [price, pos, eq];
    price.ticks = ticksOf(price, data.priceDigits); pos.ticks = ticksOf(pos, 0); eq.ticks = ticksOf(eq, 0);
    LEFT = 14 + Math.max(30, ...panes.flatMap((p) => p.ticks.map(({ text }) => g.measureText(text).width)));
    axes(price, width, 'price, own quotes and fills'); axes(pos, width, 'position'); axes(eq, width, 'equity');
    const step = TIME_STEPS.find((s) => s >= (to - from) / Math.max(2, width / 110)) || 86400e9;
    g.textAlign = 'center'; g.textBaseline = 'top'; g.fillStyle = css('--muted'); g.strokeStyle = css('--grid');
    const offset = (startMs % 86400000) * 1e6;
    for (let t = Math.ceil((from + offset) / step) * step - offset; t <= to; t += step) {
      const px = Math.round(x(t)) + 0.5;
      g.beginPath(); g.moveTo(px, GAP); g.lineTo(px, height - BOTTOM); g.stroke();
      g.fillText(clock(t, step), px, height - BOTTOM + 6);
    }
    g.save(); g.beginPath(); g.rect(LEFT, 0, width - LEFT - RIGHT, height - BOTTOM); g.clip();
    const buy = css('--buy'), sell = css('--sell');
    g.save(); g.beginPath(); g.rect(LEFT, price.top, width, price.height); g.clip();
    const begin = seek(orderFrom, from - longest), end = seek(orderFrom, to), shown = end - begin;
    g.lineWidth = shown > 4000 ? 0.6 : 1.6; g.globalAlpha = shown > 20000 ? 0.12 : shown > 4000 ? 0.3 : 0.75;
    for (const side of [0, 1]) {
      g.strokeStyle = side ? buy : sell; g.beginPath();
      for (let k = begin; k < end; k++) {
        const i = byFrom[k];
        if (quotes.buy[i] !== side || quotes.to[i] < from) continue;
        const py = price.y(quotes.price[i]), x0 = x(quotes.from[i]);
        g.moveTo(x0, py); g.lineTo(Math.max(x(quotes.to[i]), x0 + 1), py);
      }
      g.stroke();
    }
    g.globalAlpha = 1;
    stepLine(price, x, css('--mid'));
    const density = (lastFill - firstFill) / width, r = density > 2 ? 2 : density > 0.4 ? 3 : 5;
    for (let i = firstFill; i < lastFill; i++) {
      const px = x(fills.t[i]), py = price.y(fills.price[i]), up = fills.buy[i] ? 1 : -1;
      g.fillStyle = g.strokeStyle = fills.buy[i] ? buy : sell; g.lineWidth = 1.3; g.beginPath();
      g.moveTo(px, py - up * r); g.lineTo(px - r, py + up * r); g.lineTo(px + r, py + up * r); g.closePath();
      if (fills.maker[i]) g.fill(); else g.stroke();
    }
    g.restore();
    stepLine(pos, x, css('--modelled')); stepLine(eq, x, css('--modelled'));
    if (hover !== null) {
      g.strokeStyle = css('--muted'); g.setLineDash([3, 3]); g.beginPath();
      g.moveTo(x(hover), GAP); g.lineTo(x(hover), height - BOTTOM); g.stroke(); g.setLineDash([]);
    }
    g.restore();
    label.textContent = new Date(startMs + from / 1e6).toISOString().slice(0, 19).replace('T', ' ') + ' + ' + span(to - from)
      + ', ' + (lastFill - firstFill) + ' fills, ' + shown + ' quotes';
  }
  const span = (ns) => ns >= 3600e9 ? (ns / 3600e9).toFixed(2) + ' h' : ns >= 60e9 ? (ns / 60e9).toFixed(1) + ' min'
    : ns >= 1e9 ? (ns / 1e9).toFixed(2) + ' s' : ns >= 1e6 ? (ns / 1e6).toFixed(2) + ' ms' : (ns / 1e3).toFixed(1) + ' µs';
  let due = false;
  const soon = () => { if (!due) { due = true; requestAnimationFrame(() => { due = false; draw(); }); } };
  function show(newFrom, newTo) {
    const size = Math.min(END, Math.max(LEAST, newTo - newFrom));
    from = Math.max(0, Math.min(END - size, newTo - newFrom < LEAST ? (newFrom + newTo - size) / 2 : newFrom)); to = from + size; soon();
  }
  const timeAt = (px) => from + (px - LEFT) / (canvas.clientWidth - LEFT - RIGHT) * (to - from);
  const zoom = (factor, at = (from + to) / 2) => show(at - (at - from) * factor, at + (to - at) * factor);
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) { const move = (to - from) * event.deltaX / 800; show(from + move, to + move); }
    else zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) / 300), timeAt(event.offsetX));
  }, { passive: false });
  const pointers = new Map();
  canvas.addEventListener('pointerdown', (event) => { canvas.setPointerCapture(event.pointerId); pointers.set(event.pointerId, event.offsetX); });
  const up = (event) => pointers.delete(event.pointerId);
  canvas.addEventListener('pointerup', up); canvas.addEventListener('pointercancel', up);
  canvas.addEventListener('pointerleave', () => { hover = null; tip.style.display = 'none'; soon(); });
  canvas.addEventListener('dblclick', () => show(0, END));
  canvas.addEventListener('pointermove', (event) => {
    if (pointers.has(event.pointerId)) {
      const before = [...pointers.values()], moved = event.offsetX - pointers.get(event.pointerId);
      pointers.set(event.pointerId, event.offsetX);
      if (pointers.size === 2) {
        const after = [...pointers.values()];
        zoom(Math.abs(before[0] - before[1]) / Math.max(1, Math.abs(after[0] - after[1])), timeAt((after[0] + after[1]) / 2));
      } else { const shift = -moved / (canvas.clientWidth - LEFT - RIGHT) * (to - from); show(from + shift, to + shift); }
      return;
    }
    hover = timeAt(event.offsetX); describe(event.offsetX, event.offsetY); soon();
  });
  function describe(px, py) {
    const price = panes[0];
    if (!price || px < LEFT) { tip.style.display = 'none'; return; }
    const perPixel = (to - from) / (canvas.clientWidth - LEFT - RIGHT), t = timeAt(px);
    const lines = [clock(t, perPixel >= 60e9 ? 1e9 : Math.min(perPixel, 1e6))];
    const near = (series) => { const i = seek(series.t, t) - 1; return i < 0 ? NaN : series.y[i]; };
    const m = near(mid);
    if (m === m) lines.push('mid ' + m.toFixed(data.priceDigits + 1));
    let best = -1, distance = 14 * 14;
    for (let i = seek(fills.t, t - 14 * perPixel); i < fills.t.length && fills.t[i] <= t + 14 * perPixel; i++) {
      const dx = (fills.t[i] - t) / perPixel, dy = price.y(fills.price[i]) - py, d = dx * dx + dy * dy;
      if (d < distance) { distance = d; best = i; }
    }
    if (best >= 0) {
      lines.push((fills.buy[best] ? 'bought ' : 'sold ') + fills.size[best].toFixed(data.sizeDigits) + ' at ' + fills.price[best].toFixed(data.priceDigits)
        + (fills.maker[best] ? ', maker' : ', taker'), 'order ' + fills.id[best] + ', ' + clock(fills.t[best], 1), 'position after ' + fills.position[best].toFixed(data.sizeDigits));
    } else {
      let order = -1, off = 6;
      for (let k = seek(orderFrom, t - longest); k < byFrom.length && orderFrom[k] <= t; k++) {
        const i = byFrom[k], d = Math.abs(price.y(quotes.price[i]) - py);
        if (quotes.to[i] >= t && d < off) { off = d; order = i; }
      }
      if (order >= 0) lines.push((quotes.buy[order] ? 'bid ' : 'ask ') + quotes.size[order].toFixed(data.sizeDigits) + ' at ' + quotes.price[order].toFixed(data.priceDigits),
        'order ' + quotes.id[order] + ', stood ' + span(quotes.to[order] - quotes.from[order]));
    }
    lines.push('position ' + near(position).toFixed(data.sizeDigits) + ', equity ' + near(equity).toFixed(2));
    tip.textContent = lines.join('\\n'); tip.style.display = 'block';
    const left = px + tip.offsetWidth + 24 > canvas.clientWidth ? px - tip.offsetWidth - 12 : px + 14;
    tip.style.left = Math.max(0, left) + 'px'; tip.style.top = canvas.offsetTop + Math.max(0, Math.min(py, canvas.clientHeight - tip.offsetHeight - 8)) + 'px';
  }
  const step = (by) => {
    const middle = (from + to) / 2;
    let i = by > 0 ? seek(fills.t, middle + 1) : seek(fills.t, middle) - 1;
    if (i < 0 || i >= fills.t.length) return;
    const half = Math.min(to - from, 2e9) / 2; show(fills.t[i] - half, fills.t[i] + half);
  };
  const acts = { in: () => zoom(0.5), out: () => zoom(2), all: () => show(0, END), previous: () => step(-1), next: () => step(1) };
  host.querySelectorAll('button[data-act]').forEach((button) => { button.onclick = () => acts[button.dataset.act](); });
  canvas.tabIndex = 0;
  canvas.addEventListener('keydown', (event) => {
    const move = (to - from) * 0.2;
    const keys = { ArrowLeft: () => show(from - move, to - move), ArrowRight: () => show(from + move, to + move), '+': acts.in, '-': acts.out, '0': acts.all, n: acts.next, p: acts.previous };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  redraws.push(draw);
  addEventListener('resize', soon);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', soon);
  addEventListener('beforeprint', draw);
  draw();
});
})();
`;
