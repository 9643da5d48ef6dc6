package dev.heliograph.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPlatform.class)
class BrowserIT {
    private static final double LIMIT_MILLIS = 90_000;
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    @Test
    void givenOperator_whenSigningInAndADeviceReports_thenTheValueIsOnTheScreen(PlatformProcess platform)
            throws Exception {
        BrowserLocation chromium = Browsers.find();
        List<String> complaints = new ArrayList<>();
        try (Device device = Device.connect(platform.deviceKey("kettle-2"));
                Playwright playwright = Playwright.create();
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium.executable())
                                .setEnv(chromium.environment())
                                .setArgs(FLAGS));
                BrowserContext context = browser.newContext(context())) {
            context.setDefaultTimeout(LIMIT_MILLIS);
            Page page = context.newPage();
            page.onPageError(complaints::add);
            signIn(page, platform);
            assertThat(device.publish("{\"temperature\": 73.5}").get(60, TimeUnit.SECONDS))
                    .isTrue();

            page.navigate(platform.url() + "/devices/kettle-2");

            assertThat(page.getByText(Pattern.compile("73\\.50?")).first()).isVisible(visible());
            assertThat(device.publish("{\"temperature\": 81.5}").get(60, TimeUnit.SECONDS))
                    .isTrue();
            // No reload: this one comes by the live stream.
            assertThat(page.getByText(Pattern.compile("81\\.50?")).first()).isVisible(visible());
        }
        assertThat(complaints).isEmpty();
    }

    private static Browser.NewContextOptions context() {
        // The one from npm would take its language from the system and make "en-US@posix" of it, which is no valid tag.
        return new Browser.NewContextOptions().setLocale("en-US");
    }

    private static void signIn(Page page, PlatformProcess platform) {
        page.navigate(platform.url().toString());
        Locator button = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"));
        Locator userName = page.getByLabel("User name");
        button.or(userName).first().waitFor();
        if (!userName.isVisible()) {
            button.click();
        }
        userName.fill("operator");
        page.getByLabel("Password").fill(platform.password("operator"));
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL(url -> url.startsWith(platform.url().toString()) && !url.contains("/auth"));
        page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
                .first()
                .waitFor();
    }

    private static LocatorAssertions.IsVisibleOptions visible() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(LIMIT_MILLIS);
    }
}
