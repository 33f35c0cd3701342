// Evaluated in a page: defines `probe`, which tells what a person would see of it.
globalThis.probe = { colours, focused, charts, overflowing };

/** Of each visible text, HTML or SVG, its colour and what it stands on, with the contrast of the two. */
function colours() {
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '' || !isVisible(element)) continue;
    const style = getComputedStyle(element);
    const text = element instanceof SVGElement ? style.fill : style.color;
    const ground = element instanceof SVGElement ? groundInChart(element) : groundOf(element);
    found.set(`${text} on ${ground}`, contrast(parse(text), parse(ground)));
  }
  return Object.fromEntries(found);
}

/** The element that has the focus, and whether one sees it. */
function focused() {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, height } = element.getBoundingClientRect();
  return {
    name: `${element.localName} ${(element.getAttribute('aria-label') ?? element.textContent).trim()}`,
    isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    isOnScreen: top + height > 0 && top < innerHeight,
  };
}

/** Each visible chart: its name, its description, and the texts of it that lie over each other or outside. */
function charts() {
  return [...document.querySelectorAll('svg.plot')].filter(isVisible).map((svg) => {
    const texts = [...svg.querySelectorAll('text')].filter(({ textContent }) => textContent.trim() !== '');
    const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    const frame = svg.getBoundingClientRect();
    return {
      title: document.getElementById(svg.getAttribute('aria-labelledby'))?.textContent,
      description: document.getElementById(svg.getAttribute('aria-describedby'))?.textContent,
      overlaps: boxes.flatMap((one, index) =>
        boxes
          .slice(index + 1)
          .flatMap((other) => (overlap(one.box, other.box) ? [`${one.text} / ${other.text}`] : [])),
      ),
      outside: boxes.flatMap(({ text, box }) =>
        box.left < frame.left - 1 ||
        box.right > frame.right + 1 ||
        box.top < frame.top - 1 ||
        box.bottom > frame.bottom + 1
          ? [text]
          : [],
      ),
      smallest: Math.min(...boxes.map(({ box }) => box.height)),
    };
  });
}

/** Elements that make the page wider than the window. */
function overflowing() {
  const width = document.documentElement.clientWidth;
  const isScrolled = (element) => element.closest('.frame') !== null && !element.matches('.frame');
  return [...document.querySelectorAll('body *')]
    .filter((element) => isVisible(element) && !isScrolled(element) && !element.closest('svg, .skip'))
    .filter((element) => element.getBoundingClientRect().right > width + 0.5)
    .map((element) => `${element.localName} ${element.textContent.slice(0, 40)}`);
}

function isVisible(element) {
  return element.checkVisibility({ checkVisibilityCSS: true }) && element.getClientRects().length > 0;
}

function overlap(left, right) {
  const across = Math.min(left.right, right.right) - Math.max(left.left, right.left);
  const down = Math.min(left.bottom, right.bottom) - Math.max(left.top, right.top);
  // Boxes of text have air above and below the letters.
  return across > 1 && down > 4;
}

function groundOf(element) {
  for (let one = element; one !== null; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one);
    if (parse(backgroundColor)[3] !== 0) return backgroundColor;
  }
  return 'rgb(255, 255, 255)';
}

/** The shape below the middle of the text, if there is one. */
function groundInChart(text) {
  const { left, top, width, height } = text.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const shapes = [...text.ownerSVGElement.querySelectorAll('rect')].filter((shape) => {
    const box = shape.getBoundingClientRect();
    return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
  });
  const fill = shapes.length === 0 ? 'none' : getComputedStyle(shapes.at(-1)).fill;
  return fill.startsWith('rgb') ? fill : groundOf(text.ownerSVGElement);
}

function parse(colour) {
  const [red, green, blue, alpha = '1'] = colour.match(/[\d.]+/g);
  return [red, green, blue, alpha].map(Number);
}

/** As WCAG 2 defines it. */
function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100;
}

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
