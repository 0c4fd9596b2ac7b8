// A square to draw a digit in. A page calls `digitCanvas`; the default export is for anywidget.

const SIDE = 28;  // the square is as wide as MNIST's images have pixels, however large it is shown
const PEN = 2.4;  // as helpers/handwriting.py draws
const STYLE = `
.digit-canvas { display: flex; flex-wrap: wrap; gap: 0 24px; padding: 4px;
  color: var(--jp-ui-font-color1, inherit);
  font-family: var(--jp-ui-font-family, system-ui, sans-serif); }
.digit-canvas canvas { display: block; width: 280px; height: 280px; background: white;
  border-radius: 4px; box-shadow: 0 0 0 1px #767676; cursor: crosshair; touch-action: none; }
.digit-canvas .buttons { display: flex; gap: 8px; margin-top: 10px; }
.digit-canvas button { padding: 5px 14px; font: inherit; font-size: 14px; cursor: pointer;
  border-radius: 4px; border: 1px solid #767676; color: inherit;
  background: var(--jp-layout-color2, transparent); }
.digit-canvas button:hover { background: var(--jp-layout-color3, #76767640); }
.digit-canvas button:focus-visible { outline: 3px solid #56b4e9; outline-offset: 1px; }
.digit-canvas output { display: flex; flex: 1; min-width: 160px; align-items: center; height: 280px;
  font-size: 24px; white-space: pre-line; }
@media (max-width: 480px) { .digit-canvas output { height: auto; margin-top: 10px; } }
.digit-canvas textarea { box-sizing: border-box; width: 280px; height: 70px; margin-top: 10px;
  font-size: 12px; }
.digit-canvas textarea[hidden] { display: none; }`;

function add(parent, tag, text = "") {
  const element = parent.appendChild(document.createElement(tag));
  element.textContent = text;
  return element;
}

// Put a canvas into the element `parent`. `changed` is called with the drawing after each stroke
// and each Clear: a list of strokes, each a list of points [x, y] from 0 to 28, x to the right and
// y downwards. Returns { say(text), show(strokes) }: an answer beside the canvas, another drawing.
export function digitCanvas(parent, changed) {
  const box = add(parent, "div");
  add(box, "style", STYLE);
  const left = add(box, "div");
  const canvas = add(left, "canvas");
  const buttons = add(left, "div");
  const clear = add(buttons, "button", "Clear");
  const copy = add(buttons, "button", "Copy as text");
  const text = add(left, "textarea");
  const answer = add(box, "output");
  box.className = "digit-canvas";
  box.dataset.lmSuppressShortcuts = "true";  // to JupyterLab: keys pressed here are for the buttons
  buttons.className = "buttons";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "A square to draw a digit in, with a mouse, a finger or a pen");
  text.setAttribute("aria-label", "The drawing as text");
  text.readOnly = text.hidden = true;
  clear.type = copy.type = "button";

  canvas.width = canvas.height = Math.round(280 * Math.max(1, window.devicePixelRatio));
  const pen = canvas.getContext("2d");
  pen.scale(canvas.width / SIDE, canvas.width / SIDE);
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#1a1a1a";
  pen.fillStyle = "#767676";
  pen.font = "1.6px system-ui, sans-serif";
  pen.textAlign = "center";

  let strokes = [];
  let stroke = null;  // the one that is being drawn

  function redraw() {
    pen.clearRect(0, 0, SIDE, SIDE);
    if (!strokes.length) pen.fillText("Draw a digit here", SIDE / 2, SIDE / 2);
    pen.beginPath();
    for (const points of strokes) {
      points.forEach(([x, y], position) => {
        if (position === 0) pen.moveTo(x, y);
        pen.lineTo(x + 0.001, y);  // further by a trifle, so that a single point is a dot
      });
    }
    pen.stroke();
  }

  function place(event) {
    const square = canvas.getBoundingClientRect();
    const inside = (share) => Math.round(100 * SIDE * Math.min(1, Math.max(0, share))) / 100;
    return [
      inside((event.clientX - square.left) / square.width),
      inside((event.clientY - square.top) / square.height),
    ];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (stroke || !event.isPrimary || event.button) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = [place(event)];
    strokes = [...strokes, stroke];
    text.hidden = true;
    redraw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary) return;
    const all = event.getCoalescedEvents?.() ?? [];
    stroke.push(...(all.length ? all : [event]).map(place));
    redraw();
  });
  function lift(event) {
    if (!stroke || !event.isPrimary) return;
    stroke = null;
    changed(strokes);
  }
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  clear.addEventListener("click", () => {
    show([]);
    changed(strokes);
  });
  copy.addEventListener("click", () => {
    text.value = JSON.stringify(strokes);
    text.hidden = false;
    text.select();  // for Ctrl+C, where a page may not write to the clipboard
    navigator.clipboard?.writeText(text.value).catch(() => {});
  });

  function show(drawing) {
    if (stroke) return;  // what is being drawn is not interrupted
    strokes = drawing;
    text.hidden = true;
    redraw();
  }
  redraw();
  return { show, say: (words) => { answer.textContent = words; } };
}

export default {
  render({ model, el }) {
    const canvas = digitCanvas(el, (strokes) => {
      model.set("strokes", strokes);
      model.save_changes();
    });
    const show = () => canvas.show(model.get("strokes"));
    const say = () => canvas.say(model.get("answer"));
    model.on("change:strokes", show);
    model.on("change:answer", say);
    show();
    say();
    return () => {
      model.off("change:strokes", show);
      model.off("change:answer", say);
    };
  },
};
