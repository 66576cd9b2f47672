//! People's words in a file of Markdown.

/// Returns a line of people's words that Markdown shows as they are: without formatting, links that hide their address, and HTML.
pub fn escape_markdown(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let number = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in line.char_indices() {
        let is_sign =
            matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' | '!');
        // At the beginning of a line these make lists, rules and headings.
        let begins =
            at == 0 && matches!(c, '-' | '+' | '=') || at == number && number > 0 && matches!(c, '.' | ')');
        if is_sign || begins {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_are_escaped() {
        for (line, shown) in [
            ("Use *Postgres* <b>", r"Use \*Postgres\* \<b\>"),
            ("1. first", r"1\. first"),
            ("- a list", r"\- a list"),
            ("v1.2 - fine", "v1.2 - fine"),
            ("[x](http://a)", r"\[x\](http://a)"),
            ("2026", "2026"),
            ("", ""),
        ] {
            assert_eq!(escape_markdown(line), shown);
        }
    }
}
