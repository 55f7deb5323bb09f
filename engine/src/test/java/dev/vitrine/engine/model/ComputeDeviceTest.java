package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeDeviceTest {
    private final List<String> warnings = new ArrayList<>();

    private Device of(String name, int gpus) {
        return ComputeDevice.of(name, gpus, "no GPU was found", warnings::add);
    }

    @ParameterizedTest
    @CsvSource({"cpu, cpu, -1", "auto, gpu, 0", "gpu, gpu, 0", "cuda:0, gpu, 0", "cuda:1, gpu, 1"})
    void aDeviceThatIsThereIsTaken(String name, String type, int index) {
        Device device = of(name, 2);
        assertThat(device.getDeviceType()).isEqualTo(type);
        assertThat(device.getDeviceId()).isEqualTo(index);
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda:0", "cuda:5"})
    void withoutAGpuTheProcessorTakesItsPlaceAndALineSaysSo(String name) {
        assertThat(of(name, 0)).isEqualTo(Device.cpu());
        assertThat(warnings).containsExactly("device " + name + ": no GPU was found; running on the CPU");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu"})
    void whoDidNotAskForAGpuIsToldNothing(String name) {
        assertThat(of(name, 0)).isEqualTo(Device.cpu());
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tpu", "cuda", "cuda:", "cuda:-1", "cuda:x", "CPU", "", "cuda:99999"})
    void anUnknownDeviceIsRefused(String name) {
        assertThatThrownBy(() -> of(name, 1))
                .hasMessage("device '" + name + "' is not known; expected cpu, gpu, cuda:N or auto")
                .extracting(e -> ((VitrineException) e).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void aGpuBeyondTheLastIsRefused() {
        assertThatThrownBy(() -> of("cuda:2", 2)).hasMessage("device cuda:2: this machine's last GPU is cuda:1");
    }
}
