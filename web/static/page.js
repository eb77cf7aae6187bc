// Pages of the server as documents. The browser parses them (responseType "document"), so that no
// string ever becomes markup here and the trusted-types policy can be 'none'.

export function fetchPage(url, signal) {
  const request = new XMLHttpRequest();
  request.open("GET", url);
  request.responseType = "document";
  return new Promise((resolve) => {
    request.onload = () => resolve(request.response);
    request.onerror = request.onabort = () => resolve(null);
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}

export function say(text) {
  document.getElementById("status").textContent = text;
}
