/* A ticket's page: renews itself every ten seconds and makes itself felt when the ticket is called. */
(function () {
  "use strict";
  var PERIOD = 10000;
  var misses = 0;
  function state() { return document.getElementById("ticket").getAttribute("data-state"); }
  function renew(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("ticket");
    var here = document.getElementById("ticket");
    if (!fresh) { return false; }
    var before = state();
    if (fresh.outerHTML !== here.outerHTML) { here.parentNode.replaceChild(document.importNode(fresh, true), here); }
    if (state() === "called" && before !== "called" && navigator.vibrate) { navigator.vibrate([400, 200, 400]); }
    return true;
  }
  function tell(old) {
    var foot = document.getElementById("foot");
    if (old && foot.className !== "old") { foot.textContent = foot.getAttribute("data-old"); }
    foot.className = old ? "old" : "";
  }
  function look() {
    var request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.timeout = 8000;
    request.onload = function () {
      misses = request.status === 200 && renew(request.responseText) ? 0 : misses + 1;
      tell(misses > 1);
    };
    request.onerror = request.ontimeout = function () { misses += 1; tell(misses > 1); };
    request.send();
  }
  setInterval(function () { if (!document.hidden) { look(); } }, PERIOD);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { look(); } });
})();
