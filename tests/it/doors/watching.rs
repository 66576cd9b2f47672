//! Health, readiness and metrics.

use super::ROUTES;
use crate::{each_store, support::Bot};

each_store! {
    async fn monitoring_has_its_own_address(bot: &mut Bot) {
        let health = bot.gets("/healthz").await;
        assert_eq!((health.status, &*health.body), (200, "ok\n"));
        let ready = bot.gets("/readyz").await;
        let said: serde_json::Value = serde_json::from_str(&ready.body).unwrap();
        let parts: Vec<&str> = said["parts"].as_array().unwrap().iter().filter_map(|part| part["name"].as_str()).collect();
        assert_eq!((ready.status, parts), (200, vec!["store", "slack", "door", "clock"]));
        assert_eq!(bot.gets("/metrics").await.status, 200);
        assert_eq!(bot.gets_at_the_door("/slack/events").await.status, 405);
        assert_eq!(bot.gets_at_the_door("/elsewhere").await.status, 404);
    }

    async fn addresses_serve_only_their_routes(bot: &mut Bot) {
        for path in ["/healthz", "/readyz", "/metrics", "/%72eadyz", "//readyz", "/slack/../readyz"] {
            assert_eq!(bot.gets_at_the_door(path).await.status, 404, "{path}");
        }
        for path in ROUTES {
            assert_eq!(bot.gets(path).await.status, 404, "{path}");
        }
    }

    async fn readiness_only_names_parts(bot: &mut Bot) {
        bot.sandbox.faults().drop_sockets();
        bot.eventually("the bot is not ready", || async { bot.gets("/readyz").await.status == 503 }).await;
        let said: serde_json::Value = serde_json::from_str(&bot.gets("/readyz").await.body).unwrap();
        for part in said["parts"].as_array().unwrap() {
            assert_eq!(part.as_object().unwrap().keys().collect::<Vec<_>>(), ["name", "ready"]);
        }
        bot.eventually("the bot is ready again", || async { bot.gets("/readyz").await.status == 200 }).await;
    }

    async fn metrics_contain_no_text(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for a-secret-reason").await;
        bot.sends_command("ana", "/kudos help").await;
        let page = bot.gets("/metrics").await.body;
        for line in [
            "rondo_deliveries_total{door=\"socket\",kind=\"command\",outcome=\"answered\"} ",
            "rondo_deliveries_total{door=\"http\",kind=\"command\",outcome=\"answered\"} ",
            "rondo_acknowledgement_seconds_bucket{door=\"socket\",le=\"3\"} ",
            "rondo_acknowledgement_seconds_count{door=\"http\"} ",
            "rondo_store_commit_seconds_count",
            "rondo_socket_connections ",
            "# HELP rondo_deliveries_total Deliveries from Slack",
        ] {
            assert!(page.contains(line), "{line} is missing in\n{page}");
        }
        assert!(page.contains("rondo_slack_calls_total{"), "{page}");
        for secret in ["a-secret-reason", "xoxb-", "xapp-", &bot.secret(), &bot.id("ana")] {
            assert!(!page.contains(secret), "{secret} is in the metrics");
        }
    }
}
