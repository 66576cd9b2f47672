//! A page in a real browser, used as people do.

use std::{
    error::Error,
    fs,
    io::Write as _,
    net::TcpStream,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use fantoccini::{Client, Locator, elements::Element, error::CmdError, key::Key, wd::WindowHandle};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::chromium::Chromium;

/// How long something may take to appear on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);
const A_MOMENT: Duration = Duration::from_millis(20);
/// Whether no jump is under way.
pub const NO_JUMP: &str = "return document.getElementById('ahead').ariaBusy === 'false'";
/// A desktop window.
pub const WIDE: (u32, u32) = (1440, 900);
/// A telephone.
pub const NARROW: (u32, u32) = (360, 740);

/// The sessions of browsers that no test has: to start a browser takes a second of the processor's time.
static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// An open page.
pub struct Tab {
    client: Client,
    /// For commands of Chromium's own, outside the standard.
    http: reqwest::Client,
    /// The id and the URL of the browser's session.
    session: (String, String),
}

impl Tab {
    /// Opens a page in its own browser, at desktop width.
    pub async fn opens(chromium: &Chromium, address: &str) -> Tab {
        let client = lent(chromium).await.unwrap();
        let id = client.session_id().await.unwrap().unwrap();
        let url = format!("{}/session/{id}", chromium.address);
        let tab = Tab { client, http: super::http(), session: (id, url) };
        tab.is_sized(WIDE).await;
        tab.commands("Emulation.setLocaleOverride", json!({ "locale": "en-GB" })).await;
        tab.client.goto(address).await.unwrap();
        tab
    }

    /// Returns the URL of the browser's session.
    pub fn session_url(&self) -> &str {
        &self.session.1
    }

    /// Retries until it succeeds, and reports the page's text if it never does.
    async fn until<T>(&self, what: &str, mut tried: impl AsyncFnMut() -> Result<Option<T>, CmdError>) -> T {
        let began = Instant::now();
        let mut last = String::new();
        while began.elapsed() < PATIENCE {
            match tried().await {
                Ok(Some(found)) => return found,
                Ok(None) => {}
                // The element was redrawn meanwhile, or something covers it for a moment.
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(A_MOMENT).await;
        }
        // The waiting thread has the name of the test.
        let test = std::thread::current().name().and_then(|name| name.rsplit("::").next()).map(str::to_owned);
        let picture = self.picture(&format!("failed-{}", test.unwrap_or_default())).await;
        panic!("{what}: {last}\n{}\n(a picture of it is {})", self.text().await, picture.display());
    }

    /// Returns all text on the page.
    pub async fn text(&self) -> String {
        self.runs("return document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    /// Returns all text in a part of the page.
    pub async fn reads(&self, selector: &str) -> String {
        let script = format!(
            "return [...document.querySelectorAll({})].map((one) => one.innerText).join('\\n')",
            json!(selector)
        );
        self.runs(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words.
    pub async fn sees(&self, words: &str) {
        self.until(&format!("the page never shows {words:?}"), async || {
            Ok(self.text().await.contains(words).then_some(()))
        })
        .await;
    }

    /// Waits until a part of the page shows these words.
    pub async fn sees_in(&self, selector: &str, words: &str) {
        self.until(&format!("the page never shows {words:?} in {selector}"), async || {
            Ok(self.reads(selector).await.contains(words).then_some(()))
        })
        .await;
    }

    /// Waits until the page no longer shows these words.
    pub async fn sees_no(&self, words: &str) {
        self.until(&format!("{words:?} can still be read"), async || {
            Ok((!self.text().await.contains(words)).then_some(()))
        })
        .await;
    }

    /// Waits until a script's value is true.
    pub async fn becomes_true(&self, script: &str) {
        self.until(script, async || Ok((self.runs(script).await == true).then_some(()))).await;
    }

    /// Returns a script's value.
    pub async fn runs(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Presses the last button or menu entry with this label.
    pub async fn presses(&self, label: &str) {
        self.presses_at(&control(label)).await;
    }

    /// Does the same in the newest message that contains these words.
    pub async fn presses_in(&self, words: &str, label: &str) {
        let message = format!("(//article[contains(normalize-space(.), {})])[last()]", quoted(words));
        self.presses_at(&format!("{message}{}", control(label))).await;
    }

    /// Presses the last element of an `XPath`.
    pub async fn presses_at(&self, path: &str) {
        self.until(&format!("{path} can never be pressed"), async || {
            let Some(found) = self.last(path).await? else { return Ok(None) };
            found.click().await.map(Some)
        })
        .await;
    }

    /// Returns the last visible element.
    async fn last(&self, path: &str) -> Result<Option<Element>, CmdError> {
        for element in self.client.find_all(Locator::XPath(path)).await?.into_iter().rev() {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Returns the field with this label.
    async fn field(&self, label: &str) -> Element {
        let words = quoted(label);
        let path = format!(
            "//*[self::input or self::textarea or self::select]\
             [@aria-label={words} or @id=//label[contains(normalize-space(.), {words})]/@for \
              or ancestor::label/span[normalize-space(.)={words}]]"
        );
        self.until(&format!("there is no field {label:?}"), async || self.last(&path).await).await
    }

    /// Types into the field with this label, after its present text.
    pub async fn types_into(&self, label: &str, text: &str) {
        self.field(label).await.send_keys(text).await.unwrap();
    }

    /// Clears the field with this label.
    pub async fn empties(&self, label: &str) {
        // Clearing a field by the protocol moves the focus, which people do not do.
        let all =
            format!("{}a{}{}", char::from(Key::Control), char::from(Key::Control), char::from(Key::Delete));
        self.types_into(label, &all).await;
    }

    /// Moves the pointer to the newest message that contains these words, which shows its tools.
    pub async fn points_at(&self, words: &str) {
        let path = format!("//article[contains(normalize-space(.), {})]", quoted(words));
        self.presses_at(&path).await;
    }

    /// Sets a date or a time, whose typing depends on the locale.
    pub async fn sets(&self, label: &str, value: &str) {
        let field = serde_json::to_value(self.field(label).await).unwrap();
        let script = "arguments[0].value = arguments[1]; \
                      arguments[0].dispatchEvent(new Event('change', { bubbles: true }))";
        self.client.execute(script, vec![field, json!(value)]).await.unwrap();
    }

    /// Ticks an option by its label.
    pub async fn ticks(&self, label: &str) {
        let path = format!("//label[contains(normalize-space(.), {})][.//input]", quoted(label));
        self.presses_at(&path).await;
    }

    /// Chooses from a list by label.
    pub async fn chooses(&self, label: &str, option: &str) {
        let words = quoted(option);
        let field = self.field(label).await;
        self.until(&format!("{option:?} cannot be chosen"), async || {
            let found = field.find_all(Locator::XPath(&format!("./option[contains(., {words})]"))).await?;
            let Some(found) = found.first() else { return Ok(None) };
            found.click().await.map(Some)
        })
        .await;
    }

    /// Finds an option by typing, and chooses it.
    pub async fn picks(&self, label: &str, option: &str) {
        self.types_into(label, option).await;
        self.presses_at(&format!("//*[@role='option'][contains(normalize-space(.), {})]", quoted(option)))
            .await;
    }

    /// Goes a step back in the browser's history.
    pub async fn goes_back(&self) {
        self.client.back().await.unwrap();
    }

    /// Loads the page anew.
    pub async fn reloads(&self) {
        self.client.refresh().await.unwrap();
        self.becomes_true("return document.querySelector('#place').textContent !== ''").await;
    }

    /// Writes to the open conversation with the keyboard.
    pub async fn says(&self, text: &str) {
        self.types_into("Message", text).await;
        self.types_into("Message", &char::from(Key::Enter).to_string()).await;
    }

    /// Opens another tab of the same browser and switches to it; returns the first one.
    pub async fn opens_beside(&self, address: &str) -> WindowHandle {
        let first = self.client.window().await.unwrap();
        let beside = self.client.new_window(true).await.unwrap();
        self.looks_at(beside.handle).await;
        self.client.goto(address).await.unwrap();
        first
    }

    /// Switches to another tab of the same browser.
    pub async fn looks_at(&self, tab: WindowHandle) {
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Presses keys at the focus.
    pub async fn keys(&self, keys: &[Key]) {
        for key in keys {
            self.client
                .active_element()
                .await
                .unwrap()
                .send_keys(&char::from(*key).to_string())
                .await
                .unwrap();
        }
    }

    /// Goes to another conversation by the list on the left.
    pub async fn goes_to(&self, name: &str) {
        self.presses_at(&format!("//nav[@id='side']//button[span[@class='name'][.={}]]", quoted(name))).await;
        self.sees_in("#place", name).await;
    }

    /// Jumps to what happens next, and waits until it has happened.
    pub async fn jumps_on(&self) {
        self.becomes_true(NO_JUMP).await;
        self.presses_at("//*[@id='next']").await;
        // It is busy from the press on.
        self.becomes_true(NO_JUMP).await;
    }

    /// Jumps to the first thing of what comes soon that begins so, and waits until it has happened.
    pub async fn jumps_to(&self, thing: &str) {
        self.becomes_true(NO_JUMP).await;
        self.presses("What comes soon").await;
        self.presses_at(&format!("//*[@role='menuitem'][starts-with(., {})]", quoted(thing))).await;
        self.becomes_true(NO_JUMP).await;
    }

    /// Switches to another person.
    pub async fn becomes(&self, name: &str) {
        self.chooses("You are", name).await;
    }

    /// Sets the page's size in CSS pixels; windows cannot be as narrow as telephones.
    pub async fn is_sized(&self, (width, height): (u32, u32)) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.commands("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Sets the system's preference for dark or light.
    pub async fn has_colours(&self, scheme: &str) {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.commands("Emulation.setEmulatedMedia", media).await;
    }

    /// Makes the screen one that is touched.
    pub async fn is_touched(&self) {
        self.commands("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
    }

    /// Sets the language of dates and times.
    pub async fn speaks(&self, locale: &str) {
        // Chromium refuses to replace one language by another.
        self.commands("Emulation.setLocaleOverride", json!({})).await;
        self.commands("Emulation.setLocaleOverride", json!({ "locale": locale })).await;
    }

    /// Sends a command of Chromium's own protocol.
    async fn commands(&self, command: &str, parameters: Value) -> Value {
        self.drives("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    async fn drives(&self, what: &str, body: Value) -> Value {
        let sent = self.http.post(format!("{}/{what}", self.session.1)).json(&body).send().await.unwrap();
        let answer: Value = sent.json().await.unwrap();
        assert!(answer["value"]["error"].is_null(), "{what} {body}: {answer}");
        answer["value"].clone()
    }

    /// Saves a picture of the page beside the build, and prints where.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, self.client.screenshot().await.unwrap()).unwrap();
        path
    }

    /// Returns the role and the name of each control, as a screen reader sees them.
    pub async fn controls(&self) -> Vec<(String, String)> {
        const USED: [&str; 8] =
            ["button", "textbox", "combobox", "checkbox", "radio", "link", "searchbox", "spinbutton"];
        let tree = self.commands("Accessibility.getFullAXTree", json!({})).await;
        let nodes = tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false);
        let named = nodes.map(|node| {
            let words = |of: &str| node[of]["value"].as_str().unwrap_or_default().to_owned();
            (words("role"), words("name"))
        });
        named.filter(|(role, _)| USED.contains(&role.as_str())).collect()
    }

    /// Asserts that nothing has to be scrolled sideways, apart from what is made for it.
    pub async fn fits(&self, what: &str) {
        let wide = "const scrolls = (one) => one === document.documentElement \
               || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && !one.matches('pre, .table, #faults'); \
             return [...document.querySelectorAll('*')] \
               .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth && scrolls(one)) \
               .map((one) => `${one.tagName} ${one.id} ${one.className}`)";
        assert_eq!(self.runs(wide).await, json!([]), "{what} is too wide");
    }

    /// Forgets what the browser has logged, which are requests that failed, as the test wanted it.
    pub async fn forgives_failed_requests(&self) {
        for complaint in self.complaints().await.as_array().unwrap() {
            assert!(complaint["message"].to_string().contains("Failed to load resource"), "{complaint}");
        }
    }

    async fn complaints(&self) -> Value {
        self.drives("se/log", json!({ "type": "browser" })).await
    }

    /// Closes the page. Asserts that the browser's log is clean, and that nothing came from other hosts.
    pub async fn closes(self) {
        assert_eq!(self.complaints().await, json!([]), "the browser complains");
        let elsewhere = self
            .runs(
                "return performance.getEntriesByType('resource').map((one) => one.name) \
                   .filter((name) => !name.startsWith(location.origin) && !name.startsWith('data:'))",
            )
            .await;
        assert_eq!(elsewhere, json!([]), "nothing is fetched from elsewhere");
        self.leaves().await;
        FREE.lock().unwrap().push(self.session.0.clone());
    }

    /// Makes the browser as it was before the test.
    async fn leaves(&self) {
        let windows = self.client.windows().await.unwrap();
        let (first, others) = windows.split_first().unwrap();
        for other in others {
            self.client.switch_to_window(other.clone()).await.unwrap();
            self.client.close_window().await.unwrap();
        }
        self.client.switch_to_window(first.clone()).await.unwrap();
        let outside = json!({ "type": "mouseMoved", "x": -1, "y": -1 });
        let origin = self.runs("return location.origin").await;
        for (command, parameters) in [
            ("Input.dispatchMouseEvent", outside),
            ("Emulation.setTouchEmulationEnabled", json!({ "enabled": false })),
            ("Emulation.setEmulatedMedia", json!({ "features": [] })),
            ("Emulation.setLocaleOverride", json!({})),
            ("Page.navigate", json!({ "url": "about:blank" })),
            ("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" })),
            ("Network.clearBrowserCookies", json!({})),
            ("Page.resetNavigationHistory", json!({})),
        ] {
            self.commands(command, parameters).await;
        }
        self.complaints().await;
    }
}

impl Drop for Tab {
    /// Ends the browser of a test that has failed: no test takes it again.
    fn drop(&mut self) {
        let ends = |(host, path): (&str, &str)| {
            write!(TcpStream::connect(host)?, "DELETE /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n")
        };
        if std::thread::panicking()
            && let Some(address) = self.session.1.trim_start_matches("http://").split_once('/')
        {
            // The driver ends what is left with the process.
            ends(address).ok();
        }
    }
}

/// Returns a browser that a test has given back, or a new one.
async fn lent(chromium: &Chromium) -> Result<Client, Box<dyn Error>> {
    let free = FREE.lock().unwrap().pop();
    let client = match free {
        Some(session) => {
            Client::with_existing_session(&chromium.address, &session, HttpConnector::new()).await?
        }
        None => chromium.opens().await?,
    };
    // Otherwise the browser would end with the client.
    client.persist().await?;
    Ok(client)
}

/// Returns the `XPath` of a button, a link or a menu entry by its visible or accessible label.
fn control(label: &str) -> String {
    let words = quoted(label);
    format!(
        "//*[self::button or self::summary or @role='menuitem']\
         [normalize-space(.)={words} or @aria-label={words}]"
    )
}

/// Returns a text as an `XPath` literal, which has no escapes.
fn quoted(words: &str) -> String {
    let parts: Vec<String> = words.split('\'').map(|part| format!("'{part}'")).collect();
    if parts.len() == 1 { parts.concat() } else { format!("concat({})", parts.join(", \"'\", ")) }
}
