// What this browser keeps; where storage is switched off, it lasts as long as the page.

const here = new Map();

export function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? here.get(name) ?? otherwise;
  } catch {
    return here.get(name) ?? otherwise;
  }
}

export function keep(name, value) {
  here.set(name, value);
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // kept until the page is left
  }
}
