import type { Look } from "../charts/look.ts";

const margin = 24;
const titleHeight = 64;

/** Saves a chart as it stands as a PNG: on paper of the page's colour, with its title and of what it is. */
export function savePicture(canvas: HTMLCanvasElement, title: string, of: string, fileName: string, look: Look): void {
  const scale = canvas.clientWidth === 0 ? 1 : canvas.width / canvas.clientWidth;
  const sheet = canvas.ownerDocument.createElement("canvas");
  sheet.width = canvas.width + 2 * margin * scale;
  sheet.height = canvas.height + (2 * margin + titleHeight) * scale;
  const ctx = sheet.getContext("2d");
  if (ctx === null) return;
  ctx.fillStyle = look.paper;
  ctx.fillRect(0, 0, sheet.width, sheet.height);
  ctx.fillStyle = look.ink;
  ctx.textBaseline = "top";
  const width = canvas.width;
  ctx.font = `600 ${20 * scale}px ${look.font}`;
  ctx.fillText(title, margin * scale, margin * scale, width);
  ctx.fillStyle = look.soft;
  ctx.font = `400 ${13 * scale}px ${look.font}`;
  ctx.fillText(of, margin * scale, (margin + 28) * scale, width);
  ctx.drawImage(canvas, margin * scale, (margin + titleHeight) * scale);
  sheet.toBlob((blob) => {
    if (blob === null) return;
    const address = URL.createObjectURL(blob);
    const link = canvas.ownerDocument.createElement("a");
    link.href = address;
    link.download = fileName;
    link.click();
    // Not at once: the browser reads it only after this.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }, "image/png");
}
