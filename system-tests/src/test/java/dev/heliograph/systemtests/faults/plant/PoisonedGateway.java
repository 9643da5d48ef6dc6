package dev.heliograph.systemtests.faults.plant;

import dev.heliograph.ingest.IngestGatewayApplication;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.model.id.DeviceKey;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** The gateway with a bug: its code throws at every message of one device. */
public final class PoisonedGateway {
    /** The device that meets the bug. */
    public static final String DEVICE = "poisoned";

    private PoisonedGateway() {}

    /** Starts the gateway with the same settings as the real one. */
    public static void main(String[] arguments) {
        IngestGatewayApplication.builder()
                .initializers(context -> context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {
                    @Override
                    public Object postProcessAfterInitialization(Object bean, String name) {
                        if (bean instanceof Funnel funnel) {
                            poison(funnel);
                        }
                        return bean;
                    }
                }))
                .run(arguments);
    }

    private static void poison(Funnel funnel) {
        try {
            Field admission = Funnel.class.getDeclaredField("admission");
            admission.setAccessible(true);
            admission.set(funnel, poisoned((Admission) admission.get(funnel)));
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the funnel has no admission any more", changed);
        }
    }

    private static Admission poisoned(Admission sound) {
        return (Admission) Proxy.newProxyInstance(
                Admission.class.getClassLoader(), new Class<?>[] {Admission.class}, (proxy, method, arguments) -> {
                    if (arguments[0] instanceof DeviceKey device
                            && device.device().value().equals(DEVICE)) {
                        throw new NullPointerException("a bug, put there by the fault suite");
                    }
                    try {
                        return method.invoke(sound, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
